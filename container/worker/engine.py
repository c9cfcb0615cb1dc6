"""The loaded model made fast, with its compute batches: what worker and bench render with."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from worker.compilation import (
    Choice,
    Compilation,
    Mode,
    apply_mode,
    choose_mode,
    find_circumstances,
    sizes_that_pay,
)
from worker.compile_cache import CompileCache
from worker.compute_batch import Layout, Layouts, Size
from worker.denoise import Extras
from worker.learned import Learned
from worker.log import Log
from worker.memory_layout import Probe
from worker.pipeline import Model
from worker.prompts import PromptEncoder
from worker.recipe import Recipe
from worker.render import Renderer


@dataclass(frozen=True)
class RenderOptions:
    compute_batch: int = 4
    """Where there is no VRAM to find it by."""
    compile: Choice = "auto"
    learned: Learned = field(default_factory=Learned)


OpenCache = Callable[[Mode, Size, Layout], CompileCache]


class Engine:
    def __init__(
        self,
        model: Model,
        recipes: Sequence[Recipe],
        options: RenderOptions,
        *,
        log: Log,
        check: Callable[[], None] = lambda: None,
        extras: Extras | None = None,
        encoder: PromptEncoder | None = None,
        open_cache: OpenCache | None = None,
    ) -> None:
        """Changes the model. `check` may raise to end a probe; without `open_cache` nothing that
        was compiled is kept."""
        self._options, self._log, self._open_cache = options, log, open_cache
        self._unsaved: dict[Size, CompileCache] = {}
        sizes = sizes_that_pay(recipes, options.learned.compile_from)
        around = find_circumstances(model, recipes)
        self.mode = choose_mode(around, options.compile, pays=bool(sizes))
        apply_mode(model, self.mode)
        all_sizes = None if options.compile == "always" else sizes
        self.compilation = Compilation(self.mode, all_sizes, log)
        self.renderer = Renderer(model, self.compilation, extras, encoder)
        find = self._find_by_setting
        if model.device.type == "cuda":
            graphs = self.mode.cuda_graphs
            find = Probe(self.renderer, model.device, keeps_graphs=graphs, check=check).find
        self.layouts = Layouts(find, options.learned.layouts, self._use)

    def keep_compiled(self, size: Size) -> None:
        """Call it after a batch of the size: what was compiled for it goes to the bucket, once."""
        cache = self._unsaved.pop(size, None)
        # The compiler may have failed in this very batch.
        if cache and self.compilation.is_compiled(size):
            cache.save()

    def _find_by_setting(self, _recipe: Recipe) -> Layout:
        return Layout(self._options.compute_batch, self._options.compute_batch)

    def _use(self, size: Size, layout: Layout) -> None:
        self.renderer.decode_batches[size] = layout.decode_batch
        self._log.info(
            f"Compute batch of {size}: {layout.compute_batch}",
            phase="render",
            mode=self.mode.name,
            decodeBatch=layout.decode_batch,
        )
        # Of a layout that ran out of memory nothing may be kept any more.
        self._unsaved.pop(size, None)
        if self._open_cache and self.compilation.is_compiled(size):
            cache = self._open_cache(self.mode, size, layout)
            if not cache.load():
                self._unsaved[size] = cache
