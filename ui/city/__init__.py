"""The page on which readers tell about their own city."""
