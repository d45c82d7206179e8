"""Who publishes a source: its kind, looked up in a list that experts can extend.

The kind says on which side of a project a publisher stands, not whether it is right:

* ``city``: a city or municipality, its agencies and its own project sites.
* ``public``: a state, a region, the European Union, an international organisation, and
  what these run: authorities, courts, public banks, programmes.
* ``company``: a utility, builder, bank, supplier or consultancy; also one that a city
  or a state owns.
* ``press``: newspapers, broadcasters, news sites, trade and specialist magazines.
* ``research``: universities, research institutes, scientific journals, academies.
* ``association``: clubs, campaigns, political groups, networks, trade and housing
  associations, companies of citizens, and the consortia behind joint projects.
* ``unknown``: not listed, or nobody who knows has told; sites that host, copy or
  collect what others write are unknown unless the source names the author.

``publishers.tsv`` holds one row a web domain, subdomains included, and rows for single
publishers where a domain carries several, such as a press-release wire. The rows of the
longest domain that fits decide; among these, the row of the publisher comes before the
row of the whole domain.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal, cast
from urllib.parse import urlsplit

from kb.types import Source
from kb.words import fold

PublisherKind = Literal[
    "city", "public", "company", "press", "research", "association", "unknown"
]
FILE = Path(__file__).with_name("publishers.tsv")
_IN_BRACKETS = re.compile(r"\([^)]*\)")
_WHOLE_DOMAIN = ""


@dataclass(frozen=True, slots=True)
class PublisherRow:
    """One row of the list."""

    domain: str
    publisher: str
    """Name that the row is for; empty for everybody on the domain."""
    kind: PublisherKind


def publisher_kind(source: Source) -> PublisherKind:
    """Return the kind of a source's publisher; ``unknown`` when it is not listed."""
    name = publisher_name(source)
    for domain in parent_domains(domain_of(source.url)):
        kinds = _listed().get(domain, {})
        if kind := kinds.get(name) or kinds.get(_WHOLE_DOMAIN):
            return kind
    return "unknown"


def own_domain(source: Source) -> str | None:
    """Return the listed domain that belongs to a source's publisher alone, if any.

    Domains that carry the texts of others, and those that are not listed, give None.
    """
    for domain in parent_domains(domain_of(source.url)):
        if domain in _listed():
            kind = _listed()[domain].get(_WHOLE_DOMAIN, "unknown")
            return domain if kind != "unknown" else None
    return None


def publisher_name(source: Source) -> str:
    """Return a publisher's name for comparison: folded, without additions.

    What stands in brackets, after a comma or after a slash between words is an
    addition: a department, a project, the wire that carried a press release.
    """
    return _bare(source.publisher)


def domain_of(url: str) -> str:
    """Return the domain of an address in lower case, without ``www.``; may be empty."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".").removeprefix("www.")


def parent_domains(domain: str) -> Iterator[str]:
    """Yield a domain, then each domain above it, but no bare ending such as ``org``."""
    labels = domain.split(".")
    for start in range(len(labels) - 1):
        yield ".".join(labels[start:])


def read_rows(path: Path = FILE) -> list[PublisherRow]:
    """Return the rows of the list as they stand in the file."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            # A test holds that the shipped file has these kinds only.
            PublisherRow(
                row["domain"], row["publisher"], cast(PublisherKind, row["kind"])
            )
            for row in rows
        ]


@cache
def _listed() -> dict[str, dict[str, PublisherKind]]:
    """Return the kinds by domain and bare name; the empty name is for everybody."""
    listed: dict[str, dict[str, PublisherKind]] = {}
    for row in read_rows():
        listed.setdefault(row.domain, {})[_bare(row.publisher)] = row.kind
    return listed


def _bare(name: str) -> str:
    without = _IN_BRACKETS.sub("", name).partition(",")[0].partition(" / ")[0]
    return " ".join(fold(without).split())
