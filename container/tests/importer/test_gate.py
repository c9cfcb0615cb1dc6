"""Models behind a gate: one sentence says what to accept, on which page."""

from collections.abc import Iterator

import pytest

from fake_hub import FakeHub
from importer.registry import Gate, read_model
from importing import classifier_of_bytes, problem, run
from place import Place

GATED = ("sd-3.5-medium", "flux-schnell", "flux-dev")
FILES = {
    "model_index.json": b'{"transformer": ["diffusers", "Transformer"]}',
    "ae.safetensors": b"single file",
    "transformer/config.json": b"{}",
    "transformer/diffusion_pytorch_model-00001-of-00002.safetensors": b"1",
    "transformer/diffusion_pytorch_model-00002-of-00002.safetensors": b"2",
    "transformer/diffusion_pytorch_model.safetensors.index.json": b"{}",
    "transformer/diffusion_pytorch_model.fp16-00001-of-00001.safetensors": b"3",
    "transformer/diffusion_pytorch_model.safetensors.index.fp16.json": b"{}",
}


@pytest.fixture(params=GATED)
def hub(request: pytest.FixtureRequest) -> Iterator[FakeHub]:
    model = read_model(request.param)
    server = FakeHub(model.home, model.revision, FILES)
    server.gated, server.members = True, {"member"}
    server.beside.append(classifier_of_bytes())
    yield server
    server.shutdown()
    server.server_close()


def model_of(hub: FakeHub) -> tuple[str, Gate]:
    (model,) = [model for model in map(read_model, GATED) if model.home == hub.home]
    assert model.gate
    return model.id, model.gate


def test_without_a_token_says_what_to_accept_and_where_the_token_goes(
    place: Place, hub: FakeHub
) -> None:
    model, gate = model_of(hub)
    text = problem(run(place, hub, MODEL=model))
    assert "no valid token" in text
    assert f"accept {gate.accept} at {gate.page} and put a read token" in text


def test_with_a_token_whose_account_has_not_accepted_says_what_to_accept(
    place: Place, hub: FakeHub
) -> None:
    model, gate = model_of(hub)
    text = problem(run(place, hub, MODEL=model, HF_TOKEN="stranger"))
    assert "has not accepted the terms" in text
    assert f"accept {gate.accept} at {gate.page} and start the import again" in text
    assert "stranger" not in text


def test_takes_the_shards_and_their_index_once_the_terms_are_accepted(
    place: Place, hub: FakeHub
) -> None:
    model, _gate = model_of(hub)
    assert run(place, hub, MODEL=model, HF_TOKEN="member\n").returncode == 0
    prefix = f"models/{model}/{hub.revision}"
    assert place.keys(f"{prefix}/transformer/") == [
        f"{prefix}/transformer/{name}"
        for name in (
            "config.json",
            "diffusion_pytorch_model-00001-of-00002.safetensors",
            "diffusion_pytorch_model-00002-of-00002.safetensors",
            "diffusion_pytorch_model.safetensors.index.json",
        )
    ]
