"""Question sets, judgements, measures, compared systems and their report."""
