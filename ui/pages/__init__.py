"""The pages: each reads its state, calls the knowledge base, and draws parts."""
