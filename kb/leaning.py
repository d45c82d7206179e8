"""Whether an English statement leans on the line before it, and so cannot stand alone.

The rules look at how it opens and would rather miss one than blame a statement that
says what it is about.
"""

from __future__ import annotations

import re

from kb.words import words

_POINTING = (
    r"it|its|they|their|them|theirs|this|these|those|he|she|his|her|such|others|"
    r"neither|none|here"
)
_BEING = r"is|are|was|were|has|have|had|will|would|can|could|should|may"
# "That" opens a clause, too: "That cuts fell short is blamed on ...".
_THAT = (
    r"that\s(?:\w+ed|is|was|has|had|will|would|gave|left|made|meant|means|took|came)\b"
)
_THERE = rf"there\b(?!\s(?:{_BEING})\b)"
_BOTH = r"both\b(?!\s(?:\S+\s){1,6}and\b)"
_SOME_OF = (
    r"(?:one|two|three|four|five|some|most|many|several|half|part|all|each|few)\sof\s"
    r"(?:them|these|those|this|it|which|its)\b"
)
_GOING_ON = (
    r"(?:another|also|moreover|furthermore|however|besides|instead|then|thus|therefore|"
    r"hence|afterwards|later|meanwhile|otherwise|consequently|nevertheless|still|so|but|"
    r"and|yet|likewise|similarly|since\sthen|until\sthen|by\sthen|in\saddition|"
    r"in\sreturn|in\sturn|in\sparallel|as\sa\sresult|at\sthat\stime|on\stop)\b"
)
_OF_SEVERAL = (
    r"the\s(?:same|others?|latter|former|second|third|next|previous|remaining|rest|two|"
    r"three|four|first\stwo)\b(?!-)|(?:a|one)\s(?:further|second|third|fourth|similar|"
    r"later|separate|parallel)\b"
)
# "In this way", "When it opened", "Because of their"
_BEHIND = (
    r"(?:(?:in|at|for|on|by|with|of|from|under|to|after|before|because|when|while|since|"
    r"as|if|until|through|despite|without|among|like|how|why|what|addition|according|"
    r"thanks)\s){1,2}(?:this|these|those|them|their|its|it|they|"
    r"the\s(?:same|other|latter|former))\b"
)
_POINTS_BACK = re.compile(
    "|".join((rf"(?:{_POINTING})\b(?!-)", _THAT, _THERE, _BOTH, _SOME_OF)),
    re.IGNORECASE,
)
# What follows may name what it is about: "A second bond of Exampleton".
_MAY_POINT_BACK = re.compile("|".join((_GOING_ON, _OF_SEVERAL, _BEHIND)), re.IGNORECASE)
# "Each member" leans as "The member" does; "Each year" says when.
_OF_A_KIND = re.compile(
    r"(?:The|Each|Every)\s(?!(?:of|year|month|week|day|time|spring|summer|autumn|winter)\b)"
)
# A year or a quoted title says which one is meant, as a name does.
_YEAR_OR_TITLE = re.compile(r"[\d'‘“\"|]")
_VERB = re.compile(
    r"(?:is|are|was|were|be|has|had|have|will|would|can|could|did|does|do|should|must|may|"
    r"might|need|needs|not|also|now|only|still|never|later|then|therefore|thus|"
    r"gave|went|got|took|came|made|ran|fell|rose|grew|cost|paid|sold|bought|began|set|won|"
    r"lost|led|held|put|said|found|saw|kept|left|met|sent|built|drew|stood|chose|became|"
    r"brought|spent|told|wrote|knew|felt|take|make|pay|say|want|"
    r"hit|let|cut|wrote|read|broke|bore|lay|lies|sits|"
    r"\w{3,}ed|"
    r"(?:add|aim|allow|appl|argu|ask|assum|avoid|bind|burn|call|charg|combin|com|compar|"
    r"consist|contain|cost|count|cover|creat|deliver|depend|describ|do|draw|end|expect|"
    r"explain|feed|follow|forese|get|giv|go|grow|heat|help|hold|hop|includ|keep|lead|learn|"
    r"leav|list|mak|mean|measur|mention|nam|not|offer|own|pay|point|produc|promis|provid|"
    r"put|read|recommend|recover|reli|report|requir|rest|rul|run|sav|say|see|sell|serv|set|"
    r"show|speak|spell|stand|start|stat|stor|suppl|support|sur|tak|tell|ti|treat|us|warn|equip|claim|repl|advis|doubt|object|believ|stress|equal|link|rais|remain|receiv|"
    r"connect|fac|rent|estimat|propos|pursu|monitor|let|manag|carri|deriv|want|need|lack|lower|open|turn|hop|"
    r"work|writ|aris)(?:e?s|ies))"
)
_SMALL = {"of", "a", "an", "and", "or", "in", "for", "to", "on", "by", "with", "the"}
# Words after "The" that tell one thing from others of its kind.
_TELLING = 3
_LONGEST_SUBJECT = 8
_WORD = re.compile(r"\w+")
_OPENING = " \t\n-*•–—'\"“‘"


def leans(text: str, about: str = "") -> bool:
    """Say whether a statement needs the line before it to be understood.

    It does when it opens with a word that points back ("It", "This grant"), or, unless
    it names its subject, with one that may ("Another") or with "The" or "Each" and a
    common noun that nothing distinguishes ("The grant covered 40 percent", but not "The
    Linero district" or "The grant of Vinnova").

    Args:
        text: A statement in English; empty leans on nothing.
        about: City and title of its case: who names one of their names with a capital
            letter says what it is about, wherever in the statement it stands.
    """
    text = text.lstrip(_OPENING)
    if _POINTS_BACK.match(text):
        return True
    if _names_in(text) & set(words(about)):
        return False
    if _MAY_POINT_BACK.match(text):
        return True
    article = _OF_A_KIND.match(text)
    return article is not None and not _is_told(text[article.end() :])


def _names_in(text: str) -> set[str]:
    """Return the folded words of a text with a capital, but for the first."""
    capitals = [word for word in _WORD.findall(text)[1:] if word[0].isupper()]
    return set(words(" ".join(capitals)))


def _is_told(rest: str) -> bool:
    """Say whether what follows "The" names one thing."""
    subject: list[str] = []
    for word in rest.split()[:_LONGEST_SUBJECT]:
        if _YEAR_OR_TITLE.match(word) or any(letter.isupper() for letter in word):
            return True
        bare = word.strip("(),;:.")
        if word[0] == "(" or (subject and _VERB.fullmatch(bare)):
            break
        subject.append(bare)
        # "The owner's plan" is told as well as the owner is.
        if word[-1] in ",;:.)'’" or bare.endswith(("'s", "’s")):
            break
    if "the" in subject:
        # "The owner of the plant" is as unclear as "The plant".
        subject = subject[: subject.index("the")]
    return sum(word not in _SMALL for word in subject) > _TELLING - 1
