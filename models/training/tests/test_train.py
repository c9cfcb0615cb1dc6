"""Trains for seconds: what matters here is that a killed run ends in the same weights."""

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from PIL import Image

from models.training.autoencoder import make_autoencoder
from models.training.patch_basis import fit_basis
from models.training.score import load_pipeline
from models.training.train import Rhythm, train
from models.training.trainer import Plan, Trainer

PLAN = Plan(steps=6, batch=4, widths=(16, 16, 16))
RHYTHM = Rhythm(checkpoint_every=3, publish_every=1000)


@pytest.fixture(scope="module")
def autoencoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A work folder that holds the autoencoder with an untrained decoder."""
    work = tmp_path_factory.mktemp("autoencoder")
    torch.manual_seed(0)
    basis = fit_basis(300)
    basis.save(work / "basis.npz")
    make_autoencoder(basis).save_pretrained(work / "vae")
    return work


@pytest.fixture
def work(autoencoder: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    for name in ("basis.npz", "vae"):
        (folder / name).symlink_to(autoencoder / name)
    return folder


@pytest.fixture(scope="module")
def straight(autoencoder: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Trainer, Path]:
    """An uninterrupted run and the folder it wrote."""
    out = tmp_path_factory.mktemp("out") / "model"
    return train(out, autoencoder, PLAN, RHYTHM), out


def kill_at(monkeypatch: pytest.MonkeyPatch, step: int) -> None:
    take_step = Trainer.take_step

    def take_step_or_die(self: Trainer) -> float:
        if self.step_count == step:
            raise KeyboardInterrupt
        return take_step(self)

    monkeypatch.setattr(Trainer, "take_step", take_step_or_die)


def test_a_killed_run_ends_in_the_weights_of_an_uninterrupted_one(
    straight: tuple[Trainer, Path], work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        kill_at(patch, step=5)
        with pytest.raises(KeyboardInterrupt):
            train(tmp_path / "model", work, PLAN, RHYTHM)
    resumed = train(tmp_path / "model", work, PLAN, RHYTHM)
    assert resumed.step_count == PLAN.steps
    for ours, theirs in zip(resumed.weights, straight[0].weights, strict=True):
        assert torch.equal(ours, theirs)
    for ours, theirs in zip(resumed.averages, straight[0].averages, strict=True):
        assert torch.equal(ours, theirs)


def test_a_finished_run_is_written_again_without_another_step(
    work: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    short = replace(PLAN, steps=1)
    train(tmp_path / "model", work, short, RHYTHM)
    kill_at(monkeypatch, step=1)
    assert train(tmp_path / "other", work, short, RHYTHM).step_count == 1
    assert (tmp_path / "other" / "model_index.json").exists()


def test_a_checkpoint_of_another_plan_is_refused_by_name(work: Path, tmp_path: Path) -> None:
    train(tmp_path / "model", work, replace(PLAN, steps=1), RHYTHM)
    with pytest.raises(ValueError, match="To fix: pass another `--work`"):
        train(tmp_path / "model", work, replace(PLAN, seed=1), RHYTHM)


def test_averaged_weights_are_lent_and_given_back(straight: tuple[Trainer, Path]) -> None:
    trainer = straight[0]
    before = [weight.detach().clone() for weight in trainer.weights]
    with trainer.averaged():
        assert torch.equal(trainer.weights[0], trainer.averages[0])
    assert all(map(torch.equal, before, trainer.weights))


def test_the_saved_folder_loads_in_the_stock_pipeline(straight: tuple[Trainer, Path]) -> None:
    answer = load_pipeline(straight[1])("a red star", num_inference_steps=2, return_dict=False)
    image = answer[0][0]
    assert isinstance(image, Image.Image)
    assert image.size == (64, 64)


def test_the_saved_folder_holds_safetensors_and_no_leftovers(
    straight: tuple[Trainer, Path],
) -> None:
    out = straight[1]
    suffixes = {file.suffix for file in out.rglob("*") if file.is_file()}
    assert suffixes == {".json", ".txt", ".safetensors"}
    assert {"vocab.json", "merges.txt"} <= {file.name for file in (out / "tokenizer").iterdir()}
    assert [entry.name for entry in out.parent.iterdir()] == ["model"]
