"""Personal data: e-mail addresses and telephone numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ingest.contacts import find_addresses, find_numbers
from ingest.documents import Document
from ingest.registry import Registry
from kb.errors import shown
from kb.types import Problem

# Mailboxes of an office, not of a person: those of RFC 2142, and the words that city
# administrations in the mentor cities' languages use.
_OFFICE = re.compile(
    r"(?:^|[.\-_+])(?:"
    r"abuse|admin|asiakaspalvelu|bureau|city|climate|contact|contatti|energy|"
    r"environment|firmapost|hello|help|hostmaster|info|innovation|invest|kaupunki|"
    r"kirjaamo|klima|klimat|kommun|kommune|kontakt|kontaktcenter|kundservice|mail|"
    r"mairie|marketing|media|news|newsletter|noc|office|post|postmaster|"
    r"postmottak|press|presse|privacy|protocollo|registrator|registry|sales|"
    r"secretariat|security|service|stad|stadsbyggnad|stampa|support|team|tourism|"
    r"ufficio|ugyfelszolgalat|urp|viestinta|web|webmaster|www"
    r")(?:$|[.\-_+])",
    re.IGNORECASE,
)


def personal_data(document: Document, registry: Registry) -> Iterator[Problem]:
    """Yield the e-mail addresses and telephone numbers in a document.

    Searched are the title, actors, summary and whole text, open questions included.
    National telephone numbers are recognised by the plan of the city's country.
    """
    city = registry.cities.get(document.case.city) if document.case else None
    country = city.country_code if city else None
    for path, line, page, text in _texts(document):
        on_page = f"page {page}: " if page and not line else ""
        for address in find_addresses(text):
            yield _address_problem(path, line, on_page, address)
        for number in find_numbers(text, country):
            yield Problem(
                path,
                line,
                "personal-data",
                "warning",
                f"{on_page}the text holds the telephone number {shown(number)}.",
                "Remove it; the source can be cited without it.",
            )


def _texts(document: Document) -> Iterator[tuple[str, int | None, int | None, str]]:
    """Yield every text after its path, line and page."""
    if case := document.case:
        path = document.front_matter_path or document.path
        for key, text in (("title", case.title), ("summary", case.summary)):
            yield path, document.lines.get((key,)), None, text
        for index, actor in enumerate(case.actors):
            line = document.lines.get(("actors", str(index)))
            yield path, line or document.lines.get(("actors",)), None, actor
    for block in document.blocks:
        yield document.path, block.line, block.page, block.text


def _address_problem(
    path: str, line: int | None, on_page: str, address: str
) -> Problem:
    if not _OFFICE.search(address.partition("@")[0]):
        return Problem(
            path,
            line,
            "personal-data",
            "warning",
            f"{on_page}the text holds the e-mail address {shown(address)}.",
            "Remove it; the source can be cited without it.",
        )
    return Problem(
        path,
        line,
        "personal-data",
        "hint",
        f"{on_page}the text holds the e-mail address {shown(address)}, "
        "which seems to be that of an office.",
        "Remove it if it is a person's; otherwise check that it is still in use.",
    )
