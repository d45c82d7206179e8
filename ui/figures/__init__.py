"""The page Figures: the key figures of all cases."""
