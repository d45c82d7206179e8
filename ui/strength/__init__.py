"""How much evidence stands behind a statement: the rule, publishers, what is drawn."""
