"""What reading one file may cost: a file beyond these limits is reported, not read."""

from __future__ import annotations

from dataclasses import dataclass

from kb.settings import Settings

MB = 1_000_000


@dataclass(frozen=True, slots=True)
class Limits:
    """The most that one file may cost; see the settings of the same names."""

    file_bytes: int
    expanded_bytes: int
    """After unpacking, for packed formats."""
    pages: int
    seconds: int
    memory_bytes: int

    @classmethod
    def of(cls, settings: Settings) -> Limits:
        """Return the limits that the settings name."""
        return cls(
            file_bytes=settings.file_mb * MB,
            expanded_bytes=settings.file_expanded_mb * MB,
            pages=settings.file_pages,
            seconds=settings.file_seconds,
            memory_bytes=settings.file_memory_mb * MB,
        )
