"""What `prove-image.sh` removes."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[1] / "prove-image.sh"


@pytest.mark.parametrize(("own", "left"), [(["notes.txt"], {"notes.txt"}), ([], None)])
def test_cleaning_removes_what_the_script_made_and_nothing_else(
    tmp_path: Path, own: list[str], left: set[str] | None
) -> None:
    work = tmp_path / "work"
    (work / "root" / "etc").mkdir(parents=True)
    for name in ["debootstrap.log", *own]:
        (work / name).write_text("")
    environment = {**os.environ, "WORK": str(work)}
    for _ in range(2):  # also where nothing is there any more
        subprocess.run(["bash", str(SCRIPT), "clean"], env=environment, check=True, timeout=20)
    assert ({path.name for path in work.iterdir()} if work.exists() else None) == left
