"""The page Ask and its parts."""
