"""The measurement: loads both, warms both up, then lets them take turns."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.folder import load_plain, manifest_of
from bench.probes import forget_files, gpu_busy_fraction, relative_error_of_one_call
from bench.subjects import Ours, Plain, Run, SilentLog, some_recipes
from worker.compilation import Choice
from worker.engine import Engine, RenderOptions
from worker.free_memory import free_memory
from worker.memory_layout import most_useful_batch
from worker.pipeline import Model, load_model
from worker.recipe import Recipe
from worker.trouble import is_out_of_memory

# Modules that both may share, so that the largest model fits a GPU twice.
SHARED = ("text_encoder", "text_encoder_2", "text_encoder_3")
BATCHES = (1, 2, 4, 8, 16, 32)


@dataclass(frozen=True)
class Plan:
    folder: Path
    pipeline: str
    dtype: str
    recipe: Recipe
    threads: int
    rounds: int
    compute_batch: int
    """On a CPU; a GPU's is found."""
    compile: Choice


@dataclass(frozen=True)
class Loaded:
    plain: Model
    ours: Model
    engine: Engine
    plain_seconds: float
    our_seconds: float


class Bench:
    def __init__(self, plan: Plan, say: Callable[[str], None]) -> None:
        self._plan, self._say = plan, say
        self._made = 0

    def measure(self) -> dict[str, Any]:
        loaded = self._load()
        plain, ours, engine = Plain(loaded.plain), Ours(loaded.engine), loaded.engine
        batch = ours.batch_of(self._plan.recipe)
        cold = ours.render(self._recipes(batch), batch)
        self._say(f"first batch of {batch}: {cold.seconds:.1f} s")
        plain_batch = self._best_batch(plain, batch)
        rates = self._take_turns(plain, plain_batch, ours, batch)
        call = self._recipes(1)
        error = relative_error_of_one_call(loaded.plain, loaded.ours, lambda: plain.render(call, 1))
        is_cuda = loaded.ours.device.type == "cuda"
        is_compiled = engine.mode.compiled != "none"
        recipes = self._recipes(3 * batch)
        return {
            **compare(rates, is_cuda=is_cuda),
            "timeToFirstImageSeconds": loaded.our_seconds + cold.first_image_seconds,
            "gpuBusyFraction": gpu_busy_fraction(lambda: ours.render(recipes, batch))
            if is_cuda
            else None,
            "relativeErrorOneCall": error,
            "loadSeconds": loaded.our_seconds,
            "baselineLoadSeconds": loaded.plain_seconds,
            "compileSeconds": cold.warm_up_seconds if is_compiled else 0.0,
            "batch": batch,
            "baselineBatch": plain_batch if is_cuda else 1,
            "baselineBestBatch": plain_batch,
            "mode": engine.mode.name,
            # The last: nothing runs compiled after it.
            "breakEvenImages": self._break_even(engine, ours, batch, rates["ours"], cold)
            if is_compiled
            else None,
        }

    def _load(self) -> Loaded:
        plan = self._plan
        manifest = manifest_of(plan.folder, plan.pipeline, plan.dtype)
        forget_files(plan.folder)
        start = time.perf_counter()
        plain = load_plain(plan.folder, manifest)
        plain_seconds = time.perf_counter() - start
        forget_files(plan.folder)
        start = time.perf_counter()
        ours = load_model(plan.folder, manifest, plan.threads)
        our_seconds = time.perf_counter() - start
        self._say(f"loaded in {our_seconds:.2f} s, plain diffusers in {plain_seconds:.2f} s")
        for name in SHARED:
            if getattr(ours.pipe, name, None) is not None:
                setattr(plain.pipe, name, getattr(ours.pipe, name))
        gc.collect()
        free_memory()
        options = RenderOptions(compute_batch=plan.compute_batch, compile=plan.compile)
        engine = Engine(ours, [plan.recipe], options, log=SilentLog())
        return Loaded(plain, ours, engine, plain_seconds, our_seconds)

    def _best_batch(self, plain: Plain, ours: int) -> int:
        """The batch at which plain diffusers is fastest: each is warmed up and timed once."""
        most = max(most_useful_batch(self._plan.recipe) * 2, ours)
        best, best_rate = 1, 0.0
        for batch in BATCHES:
            if batch > min(most, 4 * ours):
                break
            try:
                plain.render(self._recipes(batch), batch)
                rate = batch / plain.render(self._recipes(batch), batch)
            except Exception as error:
                if not is_out_of_memory(error):
                    raise
                break
            self._say(f"plain diffusers, batch {batch}: {rate:.3f} images/s")
            if rate > best_rate:
                best, best_rate = batch, rate
        free_memory()
        return best

    def _take_turns(
        self, plain: Plain, plain_batch: int, ours: Ours, batch: int
    ) -> dict[str, float]:
        """Images per second, the median of the rounds; a noisy neighbour disturbs all alike."""
        count = 2 * max(batch, plain_batch)
        few = min(count, 4)
        runs: dict[str, Callable[[], float]] = {
            "plain1": lambda: few / plain.render(self._recipes(few), 1),
            "ours1": lambda: few / ours.render(self._recipes(few), 1).seconds,
            "plain": lambda: count / plain.render(self._recipes(count), plain_batch),
            "ours": lambda: count / ours.render(self._recipes(count), batch).seconds,
        }
        for run in runs.values():
            run()
        rates: dict[str, list[float]] = {name: [] for name in runs}
        for number in range(self._plan.rounds):
            for name, run in runs.items():
                rates[name].append(run())
            self._say(f"round {number + 1}: { {n: round(r[-1], 3) for n, r in rates.items()} }")
        return {name: statistics.median(found) for name, found in rates.items()}

    def _break_even(
        self, engine: Engine, ours: Ours, batch: int, rate: float, cold: Run
    ) -> int | None:
        """Pictures after which compiling has paid for itself; None if it never does."""
        engine.compilation.give_up("to measure what it saves")
        ours.render(self._recipes(batch), batch)
        eager = ours.render(self._recipes(2 * batch), batch)
        saved = eager.seconds / (2 * batch) - 1 / rate
        return round(cold.warm_up_seconds / saved) if saved > 0 else None

    def _recipes(self, count: int) -> list[Recipe]:
        self._made += count
        return some_recipes(self._plan.recipe, count, self._made)


def compare(rates: dict[str, float], *, is_cuda: bool) -> dict[str, float]:
    """A CPU is measured against what a person does there, one picture at a time; what its best
    batch would give stands beside it. On a GPU the best batch is what a person uses."""
    baseline = rates["plain"] if is_cuda else rates["plain1"]
    return {
        "imagesPerSecond": rates["ours"],
        "baselineImagesPerSecond": baseline,
        "ratio": rates["ours"] / baseline,
        "batch1Ratio": rates["ours1"] / rates["plain1"],
        "bestBatchRatio": rates["ours"] / rates["plain"],
        "baselineBestBatchImagesPerSecond": rates["plain"],
        "batch1ImagesPerSecond": rates["ours1"],
        "baselineBatch1ImagesPerSecond": rates["plain1"],
    }
