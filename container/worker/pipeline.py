"""The model in memory. Importing this module imports torch and diffusers (seconds)."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import diffusers
import torch
import transformers

from worker.arrivals import Arrivals
from worker.assemble import Place, fill_body, load_encoder, make_body, make_pipeline
from worker.errors import GpuOutOfMemory, WeightsUnavailable, WorkerError, WorkerLost
from worker.kinds import KINDS
from worker.log import Log
from worker.manifest import Manifest
from worker.recipe import Recipe
from worker.schedulers import FLOW_SCHEDULERS, SCHEDULERS
from worker.self_check import choose_device
from worker.trouble import classify
from worker.weights import distrust


@dataclass(frozen=True)
class Model:
    pipe: Any
    device: torch.device
    scheduler_config: Any
    """The model's own scheduler's."""

    @property
    def device_name(self) -> str:
        if self.device.type == "cuda":
            return torch.cuda.get_device_name(self.device)
        return self.device.type

    @property
    def denoiser(self) -> Any:
        """The UNet, or the transformer of SD 3.5 and FLUX."""
        return self.pipe.transformer if self.is_flow else self.pipe.unet

    @property
    def is_flow(self) -> bool:
        """A transformer, trained by flow matching: SD 3.5 and FLUX."""
        return getattr(self.pipe, "unet", None) is None

    def make_scheduler(self, recipe: Recipe) -> Any:
        """Fresh for each batch: schedulers keep state. Raises KeyError for a name that is unknown
        or not for this kind of model."""
        choice = (FLOW_SCHEDULERS if self.is_flow else SCHEDULERS)[recipe.scheduler]
        scheduler_class = getattr(diffusers, choice.class_name)
        return scheduler_class.from_config(self.scheduler_config, **choice.options)


def load_model(folder: Path, manifest: Manifest, threads: int) -> Model:
    """Of files that are all there.

    Raises WeightsUnavailable if they do not load, GpuOutOfMemory if they do not fit.
    """
    return Loading(Arrivals(folder, manifest.paths), manifest, threads).model()


class Loading:
    """Loads each part in a thread of its own once its files are there: text encoders first, so that
    prompts are encoded while the VAE and the denoiser arrive."""

    def __init__(
        self,
        arrivals: Arrivals,
        manifest: Manifest,
        threads: int,
        check: Callable[[], None] = lambda: None,
        log: Log | None = None,
    ) -> None:
        """`check` may raise to end the load. Raises WeightsUnavailable for an unknown pipeline."""
        kind = KINDS.get(manifest.pipeline)
        if kind is None:
            raise WeightsUnavailable(
                f"Expected the manifest's `pipeline` to be one of {', '.join(KINDS)}, "
                f"got `{manifest.pipeline}`."
            )
        set_up_libraries(threads)
        device = choose_device(log or Log())
        # CPUs compute half precision slowly or not at all.
        dtype = torch.float32 if device.type == "cpu" else getattr(torch, manifest.dtype)
        self._kind, self._arrivals, self._manifest = kind, arrivals, manifest
        self._place = Place(device, dtype, check)
        self._model: Model | None = None
        self._problem: BaseException | None = None
        self._can_encode, self._is_done = threading.Event(), threading.Event()
        threading.Thread(target=self._run, name="load", daemon=True).start()

    def model_for_prompts(self) -> Model:
        """The same object as model() gives, as soon as its text encoders are there. Its VAE and
        denoiser have their configurations and nothing else yet."""
        return self._wait(self._can_encode)

    def model(self) -> Model:
        """Raises WeightsUnavailable, GpuOutOfMemory, WorkerLost, or what `check` and the download
        raise."""
        self._wait(self._is_done)
        if self._problem is not None:
            raise self._problem
        return self._wait(self._is_done)

    def _wait(self, event: threading.Event) -> Model:
        event.wait()
        if self._model is None:
            raise self._problem or AssertionError("a load that ended has a model or a problem")
        return self._model

    def _run(self) -> None:
        try:
            self._load()
        except WorkerError as error:
            self._problem = error
        except BaseException as error:
            self._problem = self._translate(error)
        self._can_encode.set()
        self._is_done.set()

    def _load(self) -> None:
        kind, folder = self._kind, self._arrivals.folder
        texts = [path for path in self._manifest.paths if not path.endswith(".safetensors")]
        self._arrivals.wait_for(texts, self._place.check)
        parts = {name: make_body(cls, folder / name) for name, cls in kind.bodies.items()}
        for name, cls in kind.encoders.items():
            files = self._files_of(name)
            parts[name] = load_encoder(cls, folder / name, files, self._place)
        pipe = make_pipeline(kind, folder, parts)
        self._model = Model(pipe, self._place.device, pipe.scheduler.config)
        self._can_encode.set()
        for name in kind.bodies:
            fill_body(parts[name], self._files_of(name), self._place)

    def _files_of(self, component: str) -> list[Path]:
        """The weights of a part, waited for. Raises ValueError if the manifest lists none."""
        paths = [p for p in self._manifest.paths_in(component) if p.endswith(".safetensors")]
        if not paths:
            raise ValueError(f"Expected safetensors in `{component}/`, the manifest lists none.")
        self._arrivals.wait_for(paths, self._place.check)
        return [self._arrivals.folder / path for path in paths]

    def _translate(self, error: BaseException) -> WorkerError:
        problem: WorkerError
        trouble = classify(error)
        if trouble.kind == "deviceLost":
            problem = WorkerLost(f"The device failed: {trouble.text}")
        elif trouble.kind == "outOfMemory":
            problem = GpuOutOfMemory(f"The weights alone do not fit: {trouble.text}")
        else:
            distrust(self._arrivals.folder)
            manifest = self._manifest
            problem = WeightsUnavailable(
                f"Expected `{manifest.id}@{manifest.revision}` to load, got {trouble.text}"
            )
        problem.__cause__ = error
        return problem


def set_up_libraries(threads: int) -> None:
    torch.set_num_threads(threads)
    # Progress bars are for terminals; in a log each turn of one is a line.
    diffusers.utils.logging.disable_progress_bar()
    transformers.utils.logging.disable_progress_bar()
