"""From what a search found to an answer: read, chosen, cited, or refused."""
