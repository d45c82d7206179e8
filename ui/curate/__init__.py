"""The page Curate and its parts."""
