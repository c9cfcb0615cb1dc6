"""What LoRAs must do, as functions that fail: run in a child, where torch is."""

from pathlib import Path
from typing import Any

import pytest
from builders import a_recipe
from prompt_checks import load

from worker.errors import WeightsUnavailable
from worker.recipe import Lora, Recipe

INK, GOLD = Lora("ink.v2", 1), Lora("gold", 0.5)


def a_lora(model: Any, seed: int, parts: tuple[str, ...] = ("denoiser",)) -> bytes:
    """Of rank 2, random, for the attention's projections."""
    import torch
    from safetensors.torch import save

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


class BucketOf:
    def __init__(self, bodies: dict[str, bytes]) -> None:
        self._bodies = bodies
        self.asked: list[str] = []

    def read(self, key: str) -> bytes | None:
        self.asked.append(key)
        return self._bodies.get(key)


def draw(model: Any) -> bytes:
    from worker.render import Renderer

    recipe = Recipe.from_json(a_recipe(scheduler="euler", guidance=3))
    (picture,) = Renderer(model).render([recipe], 1, lambda done, of: None).wait()
    assert picture is not None
    return picture.tobytes()


def pictures_do_not_depend_on_what_was_worn_before(folder: Path, pipeline: str) -> None:
    from worker.lora import Wardrobe

    def fresh() -> tuple[Any, Any]:
        load.cache_clear()
        model = load(folder, pipeline)
        return model, Wardrobe(model.pipe, bucket)

    parts = ("denoiser", "text")
    plain = load(folder, pipeline)
    names = {"ink.v2": a_lora(plain, 1, parts), "gold": a_lora(plain, 2)}
    bucket: Any = BucketOf({f"loras/{name}.safetensors": body for name, body in names.items()})
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


def a_lora_that_cannot_be_used_is_named(folder: Path, pipeline: str) -> None:
    import torch
    from safetensors.torch import save

    from worker.lora import Wardrobe

    model = load(folder, pipeline)
    narrow = {"unet.mid_block.attentions.0.x.lora_A.weight": torch.zeros(2, 3)}
    bodies = {
        "pickle": b"\x80\x04\x95 not safetensors",
        "cut": a_lora(model, 1)[:-10],
        "other": save({"unet.nowhere.lora_A.weight": torch.zeros(2, 3)} | narrow),
        "nothing": save({"a": torch.zeros(1)}),
    }
    bucket: Any = BucketOf({f"loras/{name}.safetensors": body for name, body in bodies.items()})
    before = draw(model)
    for name in [*bodies, "absent"]:
        with pytest.raises(WeightsUnavailable, match=f"LoRA `{name}`.*To fix"):
            Wardrobe(model.pipe, bucket).put_on((Lora(name, 1),))
    assert draw(model) == before
