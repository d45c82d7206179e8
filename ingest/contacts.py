"""E-mail addresses and telephone numbers in a text: found, or replaced."""

from __future__ import annotations

import re
from collections.abc import Iterator

# What can stand around an address in running text, and never inside one.
_AROUND = re.compile(r"[\s<>()\[\]{},;:\"“”„'`|*]+")
# A large figure, which looks like an Italian mobile number when it begins with 3.
_THOUSANDS = re.compile(r"\d{1,3}(?:[\s.]\d{3})+")
# "2014-2020" is a number of Malta, and every year a short one of Luxembourg.
_YEARS = re.compile(r"\W?(?:19|20)\d\d\W{1,3}(?:19|20)\d\d\W?")
_AT_LEAST_7_DIGITS = re.compile(r"(?:\d\D*){7}")
# Where somebody who asks may live: the EU, the EEA, and its neighbours.
_COUNTRIES = (
    *("AL", "AT", "BA", "BE", "BG", "CH", "CY", "CZ", "DE", "DK", "EE", "ES", "FI"),
    *("FR", "GB", "GR", "HR", "HU", "IE", "IS", "IT", "LI", "LT", "LU", "LV", "ME"),
    *("MK", "MT", "NL", "NO", "PL", "PT", "RO", "RS", "SE", "SI", "SK", "TR", "UA"),
)
ADDRESS = "[e-mail address]"
NUMBER = "[telephone number]"


def find_addresses(text: str) -> Iterator[str]:
    """Yield the e-mail addresses in a text, in order.

    Source: ``email-validator`` for the syntax (RFC 5321, 6531; nothing is looked up).
    """
    if "@" not in text:
        return
    from email_validator import EmailNotValidError, validate_email

    for word in _AROUND.split(text):
        address = word.strip(".!?/")
        if "@" not in address or "/" in address:
            continue
        try:
            validate_email(address, check_deliverability=False)
        except EmailNotValidError:
            continue
        yield address


def find_numbers(text: str, country: str | None) -> Iterator[str]:
    """Yield the telephone numbers in a text, in order, but no figure in thousands.

    Source: ``phonenumbers`` (Google's libphonenumber) with its highest leniency level,
    EXACT_GROUPING: the one below takes one Norwegian date in eight for a number.

    Args:
        text: The text.
        country: ISO 3166 code of the country whose plan national numbers follow; None
            for numbers with a country's code alone.
    """
    for _, number in _placed_numbers(text, country):
        if not _THOUSANDS.fullmatch(number):
            yield number


def without_contacts(text: str) -> str:
    """Return a text with e-mail addresses and telephone numbers replaced.

    National numbers are recognised by the plan of any country of Europe. What could be
    a number as well as an amount (``612 345 678``) is replaced too: of the project's
    1,435 questions and 1,474 statements none loses a figure by it.
    """
    # The longest first: one address may lie in another.
    for address in sorted(find_addresses(text), key=len, reverse=True):
        text = text.replace(address, ADDRESS)
    if not _AT_LEAST_7_DIGITS.search(text):
        return text
    spans = {
        (start, start + len(number))
        for country in _COUNTRIES
        for start, number in _placed_numbers(text, country)
        if _AT_LEAST_7_DIGITS.search(number) and not _YEARS.fullmatch(number)
    }
    kept, end = "", 0
    for start, stop in sorted(spans, key=lambda span: (span[0], -span[1])):
        if start >= end:
            kept += text[end:start] + NUMBER
        end = max(end, stop)
    return kept + text[end:]


def _placed_numbers(text: str, country: str | None) -> Iterator[tuple[int, str]]:
    from phonenumbers import Leniency, PhoneNumberMatcher

    for match in PhoneNumberMatcher(text, country, leniency=Leniency.EXACT_GROUPING):
        yield match.start, match.raw_string
