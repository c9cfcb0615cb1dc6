"""What compiling must do, with backends that compile nothing: run in a child, where torch is."""

import hashlib
from pathlib import Path
from typing import Any

from engine_checks import fresh_model, no_hook, recipe_of


class BucketOf:
    """As worker.bucket.Bucket, in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def read(self, key: str) -> bytes | None:
        return self.objects.get(key)

    def put_once(self, key: str, body: bytes, content_type: str) -> bool:
        return self.objects.setdefault(key, body) is body


class Backend:
    """Counts what it is asked to compile, and runs it as it is."""

    def __init__(self) -> None:
        self.graphs = 0

    def __call__(self, graph: Any, inputs: Any) -> Any:
        self.graphs += 1
        return graph.forward


def renderer_of(scratch: Path, backend: Any, sizes: Any = None) -> Any:
    import torch

    from worker.compilation import Compilation, Mode, apply_mode
    from worker.render import Renderer

    torch.compiler.reset()
    model, mode = fresh_model(scratch), Mode(channels_last=True, compiled="whole")
    apply_mode(model, mode, backend)
    return Renderer(model, Compilation(mode, sizes))


def one_size_is_one_graph(scratch: Path) -> None:
    backend = Backend()
    renderer = renderer_of(scratch, backend)
    # Another scheduler, another guidance above 1, a padded batch: the same shapes.
    for overrides in (
        {},
        {"scheduler": "pndm"},
        {"scheduler": "euler"},
        {"guidance": 7},
        {"steps": 6},
    ):
        renderer.render([recipe_of(**overrides)], 2, no_hook)
    assert backend.graphs == 1
    renderer.render([recipe_of(width=72)], 2, no_hook)
    assert backend.graphs == 2


def a_size_that_does_not_pay_runs_as_it_is(scratch: Path) -> None:
    from worker.compute_batch import Size

    backend = Backend()
    renderer = renderer_of(scratch, backend, frozenset({Size(64, 64)}))
    renderer.render([recipe_of(width=72)], 2, no_hook)
    assert backend.graphs == 0
    renderer.render([recipe_of()], 2, no_hook)
    assert backend.graphs == 1


def a_compiler_that_fails_is_done_without(scratch: Path) -> None:
    def broken(graph: Any, inputs: Any) -> Any:
        raise RuntimeError("no compiler found")

    renderer = renderer_of(scratch, broken)
    (picture,) = renderer.render([recipe_of()], 2, no_hook).wait()
    assert picture is not None and picture.std() > 0
    assert not renderer._compilation.is_compiled((64, 64))


def a_prepared_denoiser_is_the_same_up_to_rounding(scratch: Path) -> None:
    import torch

    from worker.compilation import Mode, apply_mode

    plain, ours = fresh_model(scratch), fresh_model(scratch)
    apply_mode(ours, Mode(channels_last=True, fused_qkv=True))
    ours.pipe.unet.load_state_dict(plain.pipe.unet.state_dict(), strict=False)
    inputs = (torch.randn(2, 4, 16, 16), torch.tensor(500), torch.randn(2, 16, 16))
    with torch.no_grad():
        expected, found = (model.pipe.unet(*inputs).sample for model in (plain, ours))
    assert (found - expected).norm() / expected.norm() < 1e-5


def transformers_are_compiled_block_by_block(scratch: Path) -> None:
    import torch
    from random_flow_models import make_flux, make_sd3

    from worker.compilation import Compilation, Mode, apply_mode
    from worker.pipeline import Model
    from worker.render import Renderer

    for make in (make_sd3, make_flux):
        torch.compiler.reset()
        pipe, backend = make(scratch), Backend()
        pipe.set_progress_bar_config(disable=True)
        for part in (pipe.text_encoder, pipe.text_encoder_2, getattr(pipe, "text_encoder_3", None)):
            if part is not None:
                part.eval()  # T5 has dropout
        model = Model(pipe, torch.device("cpu"), pipe.scheduler.config)
        recipes = [recipe_of(scheduler="euler", seed=seed) for seed in (1, 2)]
        plain = Renderer(model).denoise(recipes, no_hook)
        mode = Mode(fused_qkv=True, compiled="blocks")
        apply_mode(model, mode, backend)
        renderer = Renderer(model, Compilation(mode))
        assert (renderer.denoise(recipes, no_hook) - plain).norm() / plain.norm() < 1e-5
        graphs = backend.graphs
        assert 0 < graphs < 8  # torch's limit for one piece of code
        renderer.denoise(recipes, no_hook)
        assert backend.graphs == graphs


def a_mode_is_chosen_by_what_the_machine_can(scratch: Path) -> None:
    from worker.compilation import Circumstances, choose_mode

    def name(choice: Any = "auto", pays: bool = True, **changed: Any) -> str:
        usual = {"device": "cuda", "capability": (8, 6), "denoiser": "UNet2DConditionModel"}
        around = Circumstances(**{**usual, "has_loras": False, "has_compiler": True, **changed})
        return choose_mode(around, choice, pays=pays).name

    whole = "channels-last+fused-qkv+compiled-whole+cuda-graphs"
    eager = "channels-last+fused-qkv"
    assert name() == name("always", pays=False) == whole
    assert name("never") == name(pays=False) == name(has_compiler=False) == eager
    assert name(capability=(7, 5)) == name("always", capability=(7, 5)) == eager  # T4
    assert name(denoiser="FluxTransformer2DModel") == "fused-qkv+compiled-blocks"
    assert name(denoiser="FluxTransformer2DModel", pays=False) == "fused-qkv"
    assert name(has_loras=True) == "channels-last"
    assert name(device="cpu", capability=(0, 0)) == "plain"
    assert name("always", device="cpu", capability=(0, 0)) == "channels-last+compiled-whole"


def only_sizes_with_enough_pictures_pay(scratch: Path) -> None:
    from worker.compilation import sizes_that_pay

    recipes = [recipe_of(seed=seed) for seed in range(5)]
    recipes += [recipe_of(seed=seed, width=72) for seed in range(4)]
    assert sizes_that_pay(recipes, {"64x64": 5, "72x64": 5}) == {(64, 64)}
    # Where nothing was measured many are wanted.
    assert sizes_that_pay(recipes, {"64x64": 6}) == frozenset()


def a_batch_is_found_by_what_fits(scratch: Path) -> None:
    from worker.compute_batch import Layout
    from worker.memory_layout import Line, fit_layout, most_useful_batch

    gib = 1 << 30

    def fit(total: float, resident: float, most: int = 16, graphs: bool = False) -> Layout:
        denoising, decoding = Line(gib // 2, 3 * gib // 4), Line(gib, 2 * gib)
        sizes = int(total * gib), int(resident * gib)
        return fit_layout(*sizes, denoising, decoding, most=most, keeps_graphs=graphs)

    # 0.92 of the memory without 1 GiB: of 24 GiB 21.08 are left for 2 resident and 19.08 to work.
    assert fit(24, 2) == Layout(16, 16)
    assert fit(24, 2, most=4) == Layout(4, 4)
    # Denoising 16 takes 4.25 GiB; 14.83 are left beside its graphs, decoding 16 takes 16.
    assert fit(24, 2, graphs=True) == Layout(16, 1)
    # 1.36 GiB are left: denoising 4 takes 1.25, decoding one takes 1.
    assert fit(8, 5) == Layout(4, 1)
    # Nothing fits: one is tried all the same, what fails is said by the device.
    assert fit(4, 3) == Layout(1, 1)
    assert [most_useful_batch(recipe_of(width=w, height=w)) for w in (512, 1024, 2048)] == [
        16,
        4,
        1,
    ]


def what_is_compiled_is_kept_once_and_loaded_whole(scratch: Path) -> None:
    import torch

    from worker.compile_cache import CacheKey, CompileCache
    from worker.log import Log

    loaded: list[bytes] = []
    made = iter([b"first", b"second"])
    torch.compiler.save_cache_artifacts = lambda: (next(made), None)  # type: ignore[assignment]
    torch.compiler.load_cache_artifacts = loaded.append  # type: ignore[assignment]
    bucket: Any = BucketOf()
    key = CacheKey("sha256:abc", "NVIDIA L4", "sdxl@1", "compiled-whole,1024x1024,4")
    prefix = "compile-cache/sha256-abc/NVIDIA-L4/sdxl@1/compiled-whole,1024x1024,4"

    def open_cache() -> CompileCache:
        return CompileCache(bucket, key, Log())

    assert not open_cache().load()  # absent: no error
    early, late = open_cache(), open_cache()
    assert early.save() and not late.save()
    digest = hashlib.sha256(b"first").hexdigest()
    assert bucket.objects[f"{prefix}/sha256"] == digest.encode()
    third = open_cache()
    assert third.load() and loaded == [b"first"]
    assert not third.save()  # what was loaded is not written again
    bucket.objects[f"{prefix}/artifacts-{digest}"] = b"changed"
    assert not open_cache().load()
    bucket.objects[f"{prefix}/sha256"] = b"../../images/x"
    assert not open_cache().load()
    del bucket.objects[f"{prefix}/artifacts-{digest}"]
    bucket.objects[f"{prefix}/sha256"] = digest.encode()
    assert not open_cache().load()
    assert loaded == [b"first"]


CHECKS = [
    one_size_is_one_graph,
    a_size_that_does_not_pay_runs_as_it_is,
    a_compiler_that_fails_is_done_without,
    a_prepared_denoiser_is_the_same_up_to_rounding,
    transformers_are_compiled_block_by_block,
    a_mode_is_chosen_by_what_the_machine_can,
    only_sizes_with_enough_pictures_pay,
    a_batch_is_found_by_what_fits,
    what_is_compiled_is_kept_once_and_loaded_whole,
]
