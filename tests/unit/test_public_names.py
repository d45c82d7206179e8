"""The public surface of each package is exactly what it says it is."""

from __future__ import annotations

import inspect
from importlib import import_module
from types import ModuleType

import pytest

PACKAGES = ["kb", "ingest", "evals"]


@pytest.fixture(params=PACKAGES)
def package(request) -> ModuleType:
    return import_module(request.param)


def _announced(package: ModuleType) -> list[str]:
    return list(getattr(package, "__all__", []))


def test_all_is_what_can_be_imported(package):
    """``__all__`` names everything public in a package, and nothing else."""
    public = {
        name
        for name, value in vars(package).items()
        if not name.startswith("_")
        and not isinstance(value, ModuleType)
        and name != "annotations"
    }
    assert public == set(_announced(package))


def test_all_is_sorted(package):
    """Public names are listed in order, each once."""
    assert _announced(package) == sorted(set(_announced(package)))


def test_public_names_are_described(package):
    """Every public class and function has a docstring."""
    silent = [
        name
        for name in _announced(package)
        if inspect.isclass(value := getattr(package, name)) or inspect.isroutine(value)
        if not inspect.getdoc(value)
    ]
    assert not silent


def test_kb_offers_what_clients_need():
    """A client opens the knowledge base with these names alone."""
    import kb

    assert {"KnowledgeBase", "Settings", "load_settings"} <= set(kb.__all__)
