from pathlib import Path

import pytest
import torch

from bench.architectures import SMALL
from bench.folder import load_plain, manifest_of
from bench.random_weights import write_random_model
from worker.pipeline import load_model


@pytest.mark.parametrize("name", SMALL)
def test_a_model_of_random_weights_is_one_that_both_sides_load(name: str, tmp_path: Path) -> None:
    architecture, folder = SMALL[name], tmp_path / "model"
    write_random_model(folder, architecture, torch.device("cpu"))
    manifest = manifest_of(folder, architecture.pipeline, architecture.dtype)
    plain, ours = load_plain(folder, manifest), load_model(folder, manifest, 1)
    weights, others = (dict(model.denoiser.named_parameters()) for model in (plain, ours))
    assert weights.keys() == others.keys()
    assert all(torch.equal(weights[name], others[name]) for name in weights)
