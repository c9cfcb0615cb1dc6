import json
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from PIL import Image

from models.training import score
from models.training.captions import HELD_OUT, SEEN
from models.training.score import Trial, make_trials, run_trials, summarise
from models.training.tests.false_pictures import draw_truth


class DrawnTruth:
    """Stands in for a pipeline: draws what each caption of the trials means; spoils some."""

    def __init__(self, trials: list[Trial], spoiled: int = 0) -> None:
        rng = np.random.default_rng(0)
        self.images = {trial.caption: draw_truth(trial.scene, rng) for trial in trials}
        for trial in trials[:spoiled]:
            self.images[trial.caption] = Image.new("RGB", (64, 64), "white")

    def __call__(self, captions: list[str], **_: object) -> SimpleNamespace:
        return SimpleNamespace(images=[self.images[caption] for caption in captions])


def test_half_of_the_captions_are_of_combinations_never_trained() -> None:
    seen, held_out = ({tuple(row) for row in rows.tolist()} for rows in (SEEN, HELD_OUT))
    trials = make_trials(200)
    assert sum(trial.is_held_out for trial in trials) == 100
    for trial in trials:
        combination = trial.scene.colour, trial.scene.shape, trial.scene.background
        assert combination in (held_out if trial.is_held_out else seen)


def test_the_same_trials_come_every_time_with_a_noise_seed_each() -> None:
    assert make_trials(50) == make_trials(50)
    assert len({trial.noise_seed for trial in make_trials(200)}) == 200


def test_right_pictures_are_counted_and_wrong_ones_are_not() -> None:
    trials = make_trials(30)
    pipeline = DrawnTruth(trials, spoiled=3)
    wrong = sum(trial.caption in {t.caption for t in trials[:3]} for trial in trials)
    outcomes = run_trials(pipeline, trials, steps=1, guidance=1)  # pyright: ignore
    summary = summarise(outcomes)
    assert (summary["right"], summary["total"]) == (30 - wrong, 30)
    assert summary["heldOut"] == {"right": 15, "total": 15}


def test_the_last_line_of_the_output_is_one_line_of_json(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    sheet = tmp_path / "sheet.png"
    monkeypatch.setattr(score, "load_pipeline", lambda _: DrawnTruth(make_trials(12)))
    arguments = ["score", "--json", "--captions", "12", "--threads", "1", "--sheet", str(sheet)]
    monkeypatch.setattr("sys.argv", arguments)
    score.main()
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert (result["right"], result["total"], result["steps"]) == (12, 12, score.STEPS)
    assert Image.open(sheet).width > 1000
