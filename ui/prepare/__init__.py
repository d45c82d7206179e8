"""The page Prepare and its parts."""
