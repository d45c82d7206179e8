"""Question sets, judgements, measures, compared systems, and the report over them."""
