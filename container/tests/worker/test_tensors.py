"""The way of weights to a GPU, taken to host memory."""

from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file

from random_models import FLUX, SD3
from worker import staging
from worker.tensors import stage


@pytest.mark.parametrize("pipeline", [SD3, FLUX])
def test_staging_in_pieces_brings_every_byte(
    model_of: Callable[[str], Path], pipeline: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(staging, "PIECE_BYTES", 1000)
    for file in sorted(model_of(pipeline).rglob("*.safetensors")):
        mapped, staged = load_file(file), stage(file, torch.device("cpu"), lambda: None)
        assert staged.keys() == mapped.keys()
        assert all(torch.equal(staged[name], mapped[name]) for name in mapped)
