"""The page Library and its parts."""
