"""What `prove-image.sh` removes."""

import os
import subprocess
from pathlib import Path

SCRIPT = Path(__file__).parents[1] / "prove-image.sh"


def test_cleaning_removes_the_folder_of_the_script_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "spot-diffusion-image" / "root" / "etc").mkdir(parents=True)
    (tmp_path / "root").mkdir()
    environment = {**os.environ, "WORK": str(tmp_path)}
    for _ in range(2):  # also where nothing is there any more
        subprocess.run(["bash", str(SCRIPT), "clean"], env=environment, check=True, timeout=20)
    assert [path.name for path in tmp_path.iterdir()] == ["root"]
