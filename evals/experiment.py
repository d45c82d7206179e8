"""One evaluation from question file to the files that it leaves behind."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from evals.errors import QuestionSetError
from evals.markdown import tables
from evals.measuring import MeasuredRun, measure
from evals.qrels import Judgements, read_judgements, write_qrels
from evals.questions import REPORTED, Question, Split, read_questions, split_file
from evals.results import FILE, results_of, write_results
from evals.runs import LEVELS, Run, run_system, write_trec
from evals.summarise import summarise
from evals.summary import RunConditions, RunSummary, summary_json
from evals.systems import BASELINE, System, Workbench, build
from evals.twins import learnt_from, near_twins

SUMMARY = "summary.json"


@dataclass(frozen=True)
class QuestionSet:
    """Questions with their judgements."""

    name: str
    questions: list[Question]
    judgements: Judgements


def read_split(split: Split, bench: Workbench) -> QuestionSet:
    """Read one of the shipped sets with its judgements.

    Raises:
        QuestionSetError: A file cannot be read.
    """
    path = split_file(split)
    qrels = [path.with_suffix(f".{level}.qrels") for level in ("cases", "statements")]
    return read_set(split, path, qrels, bench)


def read_set(
    name: str, queries: Path, qrels: Sequence[Path], bench: Workbench
) -> QuestionSet:
    """Read a question set with its judgements.

    A question without a kind counts as answerable; where it has no judgement of
    anything relevant, it is left out of the measures of rankings.

    Raises:
        QuestionSetError: A file cannot be read, or no judgement fits the questions.
    """
    questions = read_questions(queries)
    judgements = read_judgements(qrels, bench.collection).within(questions)
    if not judgements.cases:
        raise QuestionSetError(
            "no judgement is filed under the id of a question.",
            "Ids in questions and qrels must be the same.",
            path=str(queries),
        )
    return QuestionSet(name, questions, judgements)


def run_systems(
    names: Sequence[str], question_set: QuestionSet, bench: Workbench
) -> list[MeasuredRun]:
    """Run systems one after the other over the same questions, and measure each.

    Raises:
        SettingsError: There is no system of a name.
        EmbedderUnavailableError: A system's model cannot be loaded.
    """
    measured = []
    for name in dict.fromkeys(names):
        system: System = build(name, bench)
        bench.progress.start(f"Asking {name}", len(question_set.questions))
        entries = []
        for entry in run_system(system, question_set.questions):
            entries.append(entry)
            bench.progress.advance(1)
        run = Run(name, entries)
        measured.append(measure(run, question_set.judgements, bench.collection))
    return measured


def summarise_runs(
    measured: Sequence[MeasuredRun],
    question_set: QuestionSet,
    bench: Workbench,
    command: str,
) -> RunSummary:
    """Return the summary of runs, with what they were run on."""
    is_test = question_set.name in REPORTED
    manifest = bench.kb.manifest
    return summarise(
        measured,
        question_set.judgements,
        bench.collection,
        baseline=BASELINE,
        twins=near_twins(question_set.questions, learnt_from()) if is_test else {},
        conditions=RunConditions(
            set=question_set.name,
            command=command,
            settings_digest=bench.settings.digest(),
            index=manifest.generation,
            corpus_digest=manifest.corpus_digest,
            model=f"{manifest.model_id} ({manifest.backend})",
        ),
    )


def write_files(
    measured: Sequence[MeasuredRun],
    judgements: Judgements,
    summary: RunSummary,
    folder: Path,
) -> None:
    """Write runs and qrels in TREC's formats, results, summary and report.

    Raises:
        QuestionSetError: The folder cannot be written.
    """
    from evals.report import write_report

    try:
        folder.mkdir(parents=True, exist_ok=True)
        for one in measured:
            run = one.run
            stem = run.system.replace("/", "_").replace(":", "_")
            for level in LEVELS:
                if run.ranks(level):
                    write_trec(run, level, folder / f"{stem}.{level}.run")
            write_results(results_of(one), folder / FILE.format(system=stem))
        write_qrels(judgements.cases, folder / "case.qrels")
        write_qrels(judgements.passages, folder / "passage.qrels")
        text = summary_json(summary) + "\n"
        (folder / SUMMARY).write_text(text, encoding="utf-8")
        (folder / "tables.md").write_text(tables(summary), encoding="utf-8")
        write_report(summary, folder / "report.html")
    except OSError as exc:
        raise QuestionSetError(
            f"the results cannot be written ({exc}).",
            "Name another folder with --out.",
            path=str(folder),
        ) from exc
