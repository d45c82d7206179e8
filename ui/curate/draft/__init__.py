"""A draft of a case: opened, typed, previewed, compared and saved."""
