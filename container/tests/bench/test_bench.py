"""The bench measures what it says, on models that are small."""

import json
from pathlib import Path

import torch

from bench.__main__ import MODELS, read_arguments, run
from bench.architectures import PUBLISHED, SMALL
from bench.probes import covered, relative_error_of_one_call
from loading import fresh_model

FIELDS = {
    "imagesPerSecond",
    "baselineImagesPerSecond",
    "ratio",
    "batch1Ratio",
    "timeToFirstImageSeconds",
    "gpuBusyFraction",
    "relativeErrorOneCall",
    "loadSeconds",
    "baselineLoadSeconds",
    "compileSeconds",
    "breakEvenImages",
    "versions",
}


def test_busy_time_counts_what_overlaps_once() -> None:
    assert covered([(0, 4), (1, 2), (3, 5), (9, 10)]) == 0.6
    assert covered([(5, 6)]) == 1


def test_a_changed_weight_is_an_error_of_one_call(tmp_path: Path) -> None:
    plain, ours = fresh_model(tmp_path), fresh_model(tmp_path)
    ours.pipe.unet.load_state_dict(plain.pipe.unet.state_dict())

    def call() -> None:
        plain.pipe("a cat", width=64, height=64, num_inference_steps=1, output_type="latent")

    assert relative_error_of_one_call(plain, ours, call) == 0
    with torch.no_grad():
        ours.pipe.unet.conv_out.weight.mul_(1.01)
    assert 0.001 < relative_error_of_one_call(plain, ours, call) < 0.02


def test_every_architecture_has_a_small_one_of_its_kind() -> None:
    assert PUBLISHED.keys() == SMALL.keys()
    for name, large in PUBLISHED.items():
        small = SMALL[name]
        assert (small.pipeline, len(small.texts)) == (large.pipeline, len(large.texts))
        assert small.denoiser.keys() - large.denoiser.keys() <= {"norm_num_groups"}


def test_it_prints_every_figure() -> None:
    given = ["--model", "tiny", "--steps", "1", "--compute-batch", "2", "--rounds", "1"]
    figures = json.loads(json.dumps(run(read_arguments(given), MODELS / "tiny")))
    assert figures.keys() >= FIELDS
    assert figures["compileSeconds"] == 0 and figures["breakEvenImages"] is None
    assert figures["relativeErrorOneCall"] < 1e-3 and figures["ratio"] > 0
