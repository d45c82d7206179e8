"""The kinds of publishers: the shipped list, and how a source finds its row."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from kb.types import Source
from tests.support.made_up import SOURCE
from ui.publishers import (
    FILE,
    PublisherKind,
    domain_of,
    own_domain,
    parent_domains,
    publisher_kind,
    publisher_name,
    read_rows,
)

CORPUS = Path(__file__).parents[3] / "corpus"
ROWS = read_rows()
KINDS = get_args(PublisherKind)


def source(url: str, publisher: str = "Exampleton Heat") -> Source:
    """Return an invented source of a publisher at an address."""
    return replace(SOURCE, url=url, publisher=publisher)


def corpus_domains() -> set[str]:
    """Return the domains of all sources of the shipped cases."""
    files = [*CORPUS.glob("*/*.md"), *CORPUS.glob("*/*.yaml")]
    urls = {
        url
        for file in files
        for url in re.findall(r"^ +url: (\S+)$", file.read_text("utf-8"), re.MULTILINE)
    }
    return {domain_of(url) for url in urls}


def test_every_domain_of_the_corpus_is_listed():
    """A source of a shipped case has a row, be it to say that nobody knows."""
    listed = {row.domain for row in ROWS}
    domains = corpus_domains()
    missing = sorted(d for d in domains if listed.isdisjoint(parent_domains(d)))
    assert len(domains) > 500
    assert not missing, (
        f"add a line `domain<TAB><TAB>kind` to kb/{FILE.name} for each of these; "
        f"the kinds are {', '.join(KINDS)}, and `unknown` where you are not sure"
    )


def test_list_is_sorted_without_repeats():
    """A row stands once, where one looks for it."""
    keys = [(row.domain, row.publisher) for row in ROWS]
    assert keys == sorted(keys, key=lambda key: (key[0], key[1].casefold()))
    assert max(Counter(keys).values()) == 1


def test_every_row_can_be_found():
    """A row has a kind, a plain domain, and a name as sources are looked up by."""
    assert {row.kind for row in ROWS} <= set(KINDS)
    lost = [
        row
        for row in ROWS
        if row.kind
        != publisher_kind(source(f"https://www.{row.domain}/page", row.publisher))
    ]
    assert not lost


@pytest.mark.parametrize(
    ("url", "publisher", "kind"),
    [
        ("https://www.hel.fi/en", "City of Helsinki", "city"),
        ("https://julkaisut.hel.fi/x", "City of Helsinki", "city"),
        ("https://news.cision.com/x", "Fortum (Cision)", "company"),
        ("https://news.cision.com/x", "Somebody else", "unknown"),
        ("https://nsva.mynewsdesk.com/x", "NSVA", "company"),
        ("https://www.betoni.com/lehti", "Betoni magazine", "press"),
        ("https://www.betoni.com/", "Betoniteollisuus", "association"),
        ("https://nowhere.example/x", "City of Helsinki", "unknown"),
        ("not an address", "Nobody", "unknown"),
        ("https://[broken", "Nobody", "unknown"),
    ],
    ids=[
        "www",
        "subdomain",
        "wire that names the issuer",
        "wire with another issuer",
        "longest domain first",
        "publisher before domain",
        "whole domain",
        "unlisted domain",
        "no domain",
        "broken address",
    ],
)
def test_publisher_kind(url, publisher, kind):
    """The longest listed domain decides, its row of the publisher first."""
    assert publisher_kind(source(url, publisher)) == kind


@pytest.mark.parametrize(
    ("publisher", "name"),
    [
        ("Malmö stad (Mynewsdesk)", "malmo stad"),
        ("Malmö stad, stadskontoret (via 5dok)", "malmo stad"),
        ("LFM30 / Malmö stad", "lfm30"),
        ("Enertec 1/2015", "enertec 1/2015"),
        ("  Two   spaces ", "two spaces"),
        ("", ""),
    ],
)
def test_publisher_name(publisher, name):
    """Additions to a name are left out, so that one publisher counts once."""
    assert publisher_name(source("https://x.example", publisher)) == name


@pytest.mark.parametrize(
    ("url", "domain"),
    [
        ("https://region-aura.latribune.fr/a", "latribune.fr"),
        ("https://news.cision.com/a", None),
        ("https://nowhere.example/a", None),
        ("no address", None),
    ],
    ids=["listed", "carries the texts of others", "unlisted", "no domain"],
)
def test_own_domain(url, domain):
    """Only a listed domain of known kind tells who publishes there."""
    assert own_domain(source(url)) == domain
