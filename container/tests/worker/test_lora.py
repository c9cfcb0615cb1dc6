"""LoRAs: on and off again, without a trace."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save

from builders import recipe_of
from fake_bucket import FakeBucket
from loading import load, pixels_of
from random_models import FLUX, SD, SD3, XL
from worker.errors import WeightsUnavailable
from worker.lora import Wardrobe
from worker.pipeline import Model
from worker.recipe import Lora
from worker.render import Renderer

INK, GOLD = Lora("ink.v2", 1), Lora("gold", 0.5)


def a_lora(model: Any, seed: int, parts: tuple[str, ...] = ("denoiser",)) -> bytes:
    """Of rank 2, random, for the attention's projections."""

    generator = torch.Generator().manual_seed(seed)
    weights = {}
    for part, module, prefix in (
        ("denoiser", model.denoiser, "transformer" if model.is_flow else "unet"),
        ("text", model.pipe.text_encoder, "text_encoder"),
    ):
        for name, layer in module.named_modules() if part in parts else ():
            if name.split(".")[-1] in ("to_q", "to_v", "q_proj"):
                key = f"{prefix}.{name.replace('.base_layer', '')}"
                down = torch.randn(2, layer.in_features, generator=generator)
                up = torch.randn(layer.out_features, 2, generator=generator)
                weights |= {f"{key}.lora_A.weight": down, f"{key}.lora_B.weight": up}
    assert weights
    return save(weights)


def bucket_of(bodies: dict[str, bytes]) -> Any:
    return FakeBucket({f"loras/{name}.safetensors": body for name, body in bodies.items()})


def draw(model: Model) -> bytes:
    recipe = recipe_of(scheduler="euler", guidance=3)
    (picture,) = pixels_of(Renderer(model), [recipe], 1)
    return picture


@pytest.mark.parametrize("pipeline", [SD, XL, SD3, FLUX])
def test_pictures_do_not_depend_on_what_was_worn_before(
    model_of: Callable[[str], Path], pipeline: str
) -> None:
    folder = model_of(pipeline)

    def fresh() -> tuple[Model, Wardrobe]:
        load.cache_clear()
        model = load(folder, pipeline)
        return model, Wardrobe(model.pipe, bucket)

    parts = ("denoiser", "text")
    plain = load(folder, pipeline)
    names = {"ink.v2": a_lora(plain, 1, parts), "gold": a_lora(plain, 2)}
    bucket = bucket_of(names)
    sets = [(), (INK,), (GOLD,), (INK, GOLD), (Lora("ink.v2", -0.5),)]
    alone = {}
    for loras in sets:
        model, wardrobe = fresh()
        assert wardrobe.put_on(loras) == bool(loras)
        alone[loras] = draw(model)
    assert len(set(alone.values())) == len(sets)
    model, wardrobe = fresh()
    bucket.asked.clear()
    for loras in (sets[3], *sets, sets[1], sets[0], sets[4], sets[2]):
        wardrobe.put_on(loras)
        assert wardrobe.put_on(loras) is False
        assert draw(model) == alone[loras], loras
    assert len(bucket.asked) == 2


def test_a_lora_that_cannot_be_used_is_named(random_model: Path) -> None:
    model = load(random_model)
    narrow = {"unet.mid_block.attentions.0.x.lora_A.weight": torch.zeros(2, 3)}
    bodies = {
        "pickle": b"\x80\x04\x95 not safetensors",
        "cut": a_lora(model, 1)[:-10],
        "other": save({"unet.nowhere.lora_A.weight": torch.zeros(2, 3)} | narrow),
        "nothing": save({"a": torch.zeros(1)}),
    }
    bucket = bucket_of(bodies)
    before = draw(model)
    for name in [*bodies, "absent"]:
        with pytest.raises(WeightsUnavailable, match=f"LoRA `{name}`.*To fix"):
            Wardrobe(model.pipe, bucket).put_on((Lora(name, 1),))
    assert draw(model) == before
