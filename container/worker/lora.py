"""LoRAs by name from the bucket: `loras/<name>.safetensors`, put on the loaded model and off again.

Never fused: in half precision fusing and unfusing does not return to the same weights, and pictures
would depend on what was rendered before. An adapter that is off is not computed.
An object that is replaced under the same name makes other pictures of the same recipes: a new file
needs a new name.
"""

from collections.abc import Callable
from typing import Any

from safetensors.torch import load

from worker.bucket import Bucket, BucketError
from worker.errors import WeightsUnavailable, WorkerError, one_line
from worker.recipe import Lora
from worker.trouble import is_out_of_memory


class Wardrobe:
    """The LoRAs of a loaded model. Each is fetched and built in when it is first asked for."""

    def __init__(self, pipe: Any, bucket: Bucket, check: Callable[[], None] = lambda: None) -> None:
        self._pipe = pipe
        self._bucket = bucket
        self._check = check
        self._adapters: dict[str, str] = {}
        """Adapter by name: peft takes no dot in one."""
        self.worn: tuple[Lora, ...] = ()

    def put_on(self, loras: tuple[Lora, ...]) -> bool:
        """Exactly these from now on. True if they are others than before: then the text encoders
        may say something else, and what they said must be forgotten.

        Raises WeightsUnavailable with the LoRA's name, and what check raises.
        """
        if loras == self.worn:
            return False
        for lora in loras:
            if lora.name not in self._adapters:
                self._adapters[lora.name] = self._build_in(lora.name)
        if loras:
            self._pipe.enable_lora()
            # Weights are set anew, never multiplied on.
            self._pipe.set_adapters(
                [self._adapters[lora.name] for lora in loras], [lora.weight for lora in loras]
            )
        else:
            self._pipe.disable_lora()
        self.worn = loras
        return True

    def _build_in(self, name: str) -> str:
        self._check()
        body = fetch_lora(self._bucket, name)
        adapter = f"lora_{len(self._adapters)}"
        try:
            self._pipe.load_lora_weights(load(body), adapter_name=adapter)
        except Exception as error:
            if is_out_of_memory(error):
                raise
            raise broken(name, one_line(error)) from error
        found = self._pipe.get_list_adapters()
        if not any(adapter in adapters for adapters in found.values()):
            raise broken(name, "none of its layers is in the model")
        return adapter


def fetch_lora(bucket: Bucket, name: str) -> bytes:
    """Raises WeightsUnavailable if there is none or the bucket does not answer."""
    key = f"loras/{name}.safetensors"
    try:
        body = bucket.read(key)
    except BucketError as error:
        raise WeightsUnavailable(f"LoRA `{name}`: {error}") from error
    if body is None:
        raise WeightsUnavailable(
            f"Expected the LoRA `{name}`, found no `{key}` in the bucket. To fix: upload it there."
        )
    return body


def broken(name: str, reason: str) -> WorkerError:
    return WeightsUnavailable(
        f"Expected the LoRA `{name}` to fit the model, got {reason}. "
        "To fix: upload one that was trained for this model, as safetensors."
    )
