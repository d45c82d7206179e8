"""What the terminal shows, and the files of queries that it reads."""
