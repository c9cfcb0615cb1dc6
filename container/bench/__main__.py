"""`python container/bench --model sdxl --random-weights --json`: see docs/performance.md."""

import argparse
import json
import os
import platform
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from worker.recipe import Recipe

CONTAINER = Path(__file__).resolve().parents[1]
MODELS = CONTAINER.parent / "models"
PACKAGES = ("torch", "triton", "diffusers", "transformers", "accelerate")


def read_arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="npm run bench -- worker")
    add = parser.add_argument
    add("--model", default="tiny", choices=["tiny", "sd-1.5", "sdxl", "flux-schnell"])
    add("--random-weights", action="store_true", help="of the published architecture")
    add("--scale", default="published", choices=["published", "small"], help="of random weights")
    add("--weights", type=Path, help="a folder in diffusers' layout, safetensors")
    add("--device", choices=["cuda", "cpu"], help="the GPU if there is one")
    add("--compile", default=None, choices=["auto", "always", "never"])
    add("--compute-batch", type=int, default=4, help="on a CPU")
    add("--threads", type=int, default=1, help="of a CPU: two wait for each other on shared cores")
    add("--rounds", type=int, default=5)
    add("--steps", type=int)
    add("--size", type=int)
    add("--scheduler")
    add("--json", action="store_true")
    return parser.parse_args(given)


def main() -> int:
    arguments = read_arguments()
    os.environ.update({"HF_HUB_OFFLINE": "1", "OMP_WAIT_POLICY": "PASSIVE"})
    os.environ["OMP_NUM_THREADS"] = str(arguments.threads)
    if arguments.device == "cpu":
        os.environ["CUDA_VISIBLE_DEVICES"] = ""
    sys.path.insert(0, str(CONTAINER))
    import torch

    if arguments.device == "cuda" and not torch.cuda.is_available():
        return refuse("Expected a CUDA device, found none. To fix: `--device cpu`.")
    with tempfile.TemporaryDirectory(prefix="spot-diffusion-bench-") as scratch:
        folder = find_folder(arguments, Path(scratch))
        if folder is None:
            return refuse(
                f"Expected weights of `{arguments.model}`, got none. To fix: `--random-weights`, "
                "or `--weights` with a folder that `models import` or diffusers wrote."
            )
        figures = run(arguments, folder)
    # Like every bench here: progress went to stderr, the figures are the last line of stdout.
    print(json.dumps(figures))
    return 0


def refuse(reason: str) -> int:
    print(reason, file=sys.stderr)
    return 2


def find_folder(arguments: argparse.Namespace, scratch: Path) -> Path | None:
    if arguments.weights:
        return arguments.weights
    if arguments.model == "tiny":
        return MODELS / "tiny"
    if not arguments.random_weights:
        return None
    import torch

    from bench.architectures import PUBLISHED, SMALL
    from bench.random_weights import write_random_model

    known = PUBLISHED if arguments.scale == "published" else SMALL
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    write_random_model(scratch / "model", known[arguments.model], device)
    return scratch / "model"


def run(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    import diffusers
    import torch
    import transformers

    from bench.measure import Bench, Plan

    torch.set_num_threads(arguments.threads)
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
    registered = json.loads((MODELS / f"{arguments.model}.json").read_text("utf8"))
    recipe = make_recipe(arguments, registered)
    plan = Plan(
        folder=folder,
        pipeline=registered["pipeline"],
        dtype=registered["dtype"],
        recipe=recipe,
        threads=arguments.threads,
        rounds=arguments.rounds,
        compute_batch=arguments.compute_batch,
        compile=arguments.compile or ("always" if torch.cuda.is_available() else "never"),
    )
    figures = Bench(plan, lambda text: print(text, file=sys.stderr)).measure()
    return {
        **{name: significant(value) for name, value in figures.items()},
        "model": arguments.model,
        "weights": "random" if arguments.random_weights and not arguments.weights else "real",
        "size": f"{recipe.width}x{recipe.height}",
        "steps": recipe.steps,
        "scheduler": recipe.scheduler,
        "threads": arguments.threads,
        "versions": read_versions(torch),
    }


def make_recipe(arguments: argparse.Namespace, registered: dict[str, Any]) -> "Recipe":
    from worker.recipe import Recipe

    size = arguments.size or (128 if arguments.scale == "small" else registered["size"]["default"])
    return Recipe(
        prompt="a red circle on a blue background",
        negative_prompt="",
        seed=0,
        model=arguments.model,
        revision="bench",
        width=size,
        height=size,
        steps=arguments.steps or registered["steps"],
        guidance=registered["guidance"],
        scheduler=arguments.scheduler or registered["schedulers"][0],
        loras=(),
    )


def significant(value: Any) -> Any:
    return float(f"{value:.4g}") if isinstance(value, float) else value


def read_versions(torch: Any) -> dict[str, str]:
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # triton is absent from CPU wheels
            continue
    if torch.cuda.is_available():
        found["device"] = torch.cuda.get_device_name()
        found["cuda"] = str(torch.version.cuda)
    else:
        found["device"] = f"cpu ({os.cpu_count()} cores)"
    return found


if __name__ == "__main__":
    sys.exit(main())
