"""From latents to pictures."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch

from loading import fresh_model
from random_models import XL
from worker.decode import Decoder, decoding_dtype, to_vae


def test_a_picture_that_is_no_number_is_none(tmp_path: Path) -> None:
    model = fresh_model(tmp_path)
    latents = torch.zeros(3, 4, 16, 16)
    latents[1, 0, 3, 3] = float("nan")
    pictures = Decoder(model.pipe, model.device).decode(latents, 2, 1).wait()
    assert [picture is None for picture in pictures] == [False, True]


def test_only_the_vae_of_xl_leaves_half_precision(tmp_path: Path) -> None:
    half = fresh_model(tmp_path).pipe.to(torch.float16)
    assert decoding_dtype(half) == torch.float16
    pipe = fresh_model(tmp_path, XL).pipe
    pipe.vae.to(torch.float16)
    decoder = Decoder(pipe, torch.device("cpu"))
    # An img2img pipeline leaves it in half precision: each call decodes in single all the same.
    decoder.decode(torch.zeros(1, 4, 16, 16, dtype=torch.float16), 1, 1)
    pipe.vae.to(torch.float16)
    decoder.decode(torch.zeros(1, 4, 16, 16, dtype=torch.float16), 1, 1)
    assert pipe.vae.dtype == torch.float32


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ({"scaling_factor": 0.5}, [[2, 4]]),
        ({"scaling_factor": 0.5, "shift_factor": None, "latents_mean": None}, [[2, 4]]),
        ({"scaling_factor": 0.5, "shift_factor": 0.25}, [[2.25, 4.25]]),
        ({"scaling_factor": 0.5, "latents_mean": [1, -1], "latents_std": [2, 3]}, [[5, 11]]),
    ],
    ids=["SD and SDXL", "the same, said", "SD 3.5 and FLUX", "by channel"],
)
def test_latents_are_scaled_as_the_vae_asks(config: Any, expected: Any) -> None:
    latents = torch.tensor([1.0, 2.0]).view(1, 2, 1, 1)
    assert to_vae(latents, SimpleNamespace(**config)).flatten(1).tolist() == expected
