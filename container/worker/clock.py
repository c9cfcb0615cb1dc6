"""The time as logs and records write it."""

from datetime import UTC, datetime


def iso_now() -> str:
    """`2026-11-23T22:10:00.123Z`"""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
