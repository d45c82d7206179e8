"""The page Quality and its parts."""
