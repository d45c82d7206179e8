"""Key figures that a statement gives, read by rules: proposals that a person confirms.

`vocabulary` knows the words of a language, `amounts` finds numbers and what they are
numbers of, `kinds` says what kind of figure that is, `read` makes the records,
`proposing` those of a draft.
"""

from ingest.figures.proposing import figure_entry, is_listed, proposed_figures
from ingest.figures.read import read_figures

__all__ = ["figure_entry", "is_listed", "proposed_figures", "read_figures"]
