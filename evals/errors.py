"""The error of an evaluation: a file that it cannot use."""

from kb.errors import KnowledgeBaseError


class QuestionSetError(KnowledgeBaseError):
    """A file of questions, judgements or results cannot be read or written."""
