"""Tell what an audit of the pinned libraries found, and what it could not look at."""

from __future__ import annotations

import json
import sys
from pathlib import Path


def told(report: Path) -> tuple[list[str], bool]:
    """Return the lines to print, and whether a library is known to be weak.

    Args:
        report: What `pip-audit --format json` wrote; it may be missing or empty.
    """
    text = report.read_text(encoding="utf-8") if report.exists() else ""
    libraries = json.loads(text)["dependencies"] if text else []
    skipped = [one["name"] for one in libraries if "skip_reason" in one]
    if len(skipped) == len(libraries):
        return ["Not audited: the advisories cannot be reached from here."], False
    weak = [
        f"{one['name']} {one['version']}: {fault['id']}, "
        f"mended in {', '.join(fault['fix_versions']) or 'no version yet'}"
        for one in libraries
        for fault in one.get("vulns", [])
    ]
    lines = [f"Not audited: {', '.join(skipped)}"] if skipped else []
    audited = len(libraries) - len(skipped)
    return [*lines, *weak, f"{audited} libraries audited, {len(weak)} faults."], bool(
        weak
    )


if __name__ == "__main__":
    lines, is_weak = told(Path(sys.argv[1]))
    sys.stdout.write("\n".join(lines) + "\n")
    sys.exit(is_weak)
