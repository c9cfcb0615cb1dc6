"""Where an import runs, as its texts name it: in AWS, or on a person's own machine."""

from dataclasses import dataclass


@dataclass(frozen=True)
class ImportPlace:
    token: str
    """What a token is put into."""
    disk: str
    """What to do about a full one."""


IN_AWS = ImportPlace(
    "into the secret of the import",
    "choose a larger compute type for the import's CodeBuild project",
)
HERE = ImportPlace(
    "into the environment variable `HF_TOKEN`",
    "make room, or name another disk with `--state`",
)
