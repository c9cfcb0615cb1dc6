# diffusers annotates loosely, so pyright's rules misreport here:
# pyright: reportAttributeAccessIssue=false, reportArgumentType=false

import numpy as np
import pytest
import torch

from models.training.autoencoder import make_autoencoder
from models.training.captions import HELD_OUT, draw_examples
from models.training.patch_basis import CHANNELS, PatchBasis, fit_basis, load_basis
from models.training.train_autoencoder import edge_weights, warm_cosine


@pytest.fixture(scope="module")
def basis() -> PatchBasis:
    return fit_basis(300)


@pytest.fixture(scope="module")
def pictures() -> torch.Tensor:
    return torch.from_numpy(draw_examples(HELD_OUT, 8, np.random.default_rng(9)).pictures)


def test_the_axes_are_orthonormal_and_ordered(basis: PatchBasis) -> None:
    assert torch.allclose(basis.axes.T @ basis.axes, torch.eye(CHANNELS), atol=1e-5)
    assert torch.all(basis.deviation[:-1] >= basis.deviation[1:] - 1e-4)


def test_latents_have_a_deviation_of_about_one(basis: PatchBasis, pictures: torch.Tensor) -> None:
    assert basis.scales.square().mean() == pytest.approx(1)
    assert basis.encode(pictures).std() == pytest.approx(1, abs=0.15)


def test_the_stock_encoder_equals_the_basis(basis: PatchBasis, pictures: torch.Tensor) -> None:
    torch.manual_seed(0)
    model = make_autoencoder(basis)
    with torch.no_grad():
        latents = model.encode(pictures).latent_dist.mean
    assert (latents - basis.encode(pictures)).abs().max() < 0.03
    assert (latents - basis.encode(pictures)).abs().mean() < 0.002


def test_the_untrained_decoder_paints_in_mean_colours(
    basis: PatchBasis, pictures: torch.Tensor
) -> None:
    torch.manual_seed(0)
    with torch.no_grad():
        painted = make_autoencoder(basis).decode(basis.encode(pictures)).sample
    assert (painted - pictures).square().mean() < 0.05


def test_a_stored_basis_comes_back(basis: PatchBasis, tmp_path) -> None:
    basis.save(tmp_path / "basis.npz")
    assert torch.equal(load_basis(tmp_path / "basis.npz").axes, basis.axes)


def test_pixels_near_edges_weigh_four_times_as_much(pictures: torch.Tensor) -> None:
    weights = edge_weights(pictures)
    assert weights.unique().tolist() == [1.0, 4.0]
    assert (weights[:, :, 0, 0] == 1).all()


def test_the_learning_rate_rises_then_falls_to_two_percent() -> None:
    shares = [warm_cosine(step, 1000, warmup=100) for step in range(1001)]
    assert 90 <= shares.index(max(shares)) <= 110
    assert shares[-1] == pytest.approx(0.02)
