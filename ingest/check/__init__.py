"""The check of the corpus: every finding with file, line, rule and what to do.

One module a question: is the body well formed (`body`), do its references lead
somewhere (`references`), are its sources dated and recent (`sources`), do its figures
say what they count (`figures`), can its statements be read alone (`wording`), is
something missing (`completeness`), does it name
private people (`personal`), does it repeat another case (`repeats`), do the marks of
what was compared with its source still hold (`comparisons`). `corpus` asks them all.
Whether a file can be filed is the business of `ingest.filing`. `narrowing` keeps the
findings of a few files: the rules have seen them all.
"""

from ingest.check.corpus import check_corpus
from ingest.check.narrowing import named_files, of_files

__all__ = ["check_corpus", "named_files", "of_files"]
