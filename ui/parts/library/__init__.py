"""Parts of the Library and of the case pages."""
