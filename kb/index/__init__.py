"""One generation of the index: vectors, words, records, and what it was built from."""
