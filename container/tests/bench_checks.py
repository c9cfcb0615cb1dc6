"""What the bench must measure, as functions that fail: run in a child, where torch is."""

import json
from pathlib import Path

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


def busy_time_counts_what_overlaps_once(scratch: Path) -> None:
    from bench.probes import covered

    assert covered([(0, 4), (1, 2), (3, 5), (9, 10)]) == 0.6
    assert covered([(5, 6)]) == 1


def a_changed_weight_is_an_error_of_one_call(scratch: Path) -> None:
    import torch
    from engine_checks import fresh_model

    from bench.probes import relative_error_of_one_call

    plain, ours = fresh_model(scratch).pipe, fresh_model(scratch).pipe
    ours.unet.load_state_dict(plain.unet.state_dict())

    def call() -> None:
        plain("a cat", width=64, height=64, num_inference_steps=1, output_type="latent")

    assert relative_error_of_one_call(plain, ours, call) == 0
    with torch.no_grad():
        ours.unet.conv_out.weight.mul_(1.01)
    assert 0.001 < relative_error_of_one_call(plain, ours, call) < 0.02


def every_architecture_has_a_small_one_of_its_kind(scratch: Path) -> None:
    from bench.architectures import PUBLISHED, SMALL

    assert PUBLISHED.keys() == SMALL.keys()
    for name, large in PUBLISHED.items():
        small = SMALL[name]
        assert (small.pipeline, len(small.texts)) == (large.pipeline, len(large.texts))
        assert small.denoiser.keys() - large.denoiser.keys() <= {"norm_num_groups"}


def it_prints_every_figure(scratch: Path) -> None:
    from bench.__main__ import MODELS, read_arguments, run

    given = ["--model", "tiny", "--steps", "1", "--compute-batch", "2", "--rounds", "1"]
    figures = json.loads(json.dumps(run(read_arguments(given), MODELS / "tiny")))
    assert figures.keys() >= FIELDS
    assert figures["compileSeconds"] == 0 and figures["breakEvenImages"] is None
    assert figures["relativeErrorOneCall"] < 1e-3 and figures["ratio"] > 0


CHECKS = [
    busy_time_counts_what_overlaps_once,
    a_changed_weight_is_an_error_of_one_call,
    every_architecture_has_a_small_one_of_its_kind,
    it_prints_every_figure,
]
