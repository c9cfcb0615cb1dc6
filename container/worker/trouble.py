"""What a failure of a batch means."""

from typing import Literal, NamedTuple

from worker.errors import one_line
from worker.out_of_memory import is_device_lost, is_out_of_memory


class Trouble(NamedTuple):
    """A failure without its exception, whose traceback would keep the batch's tensors alive."""

    kind: Literal["deviceLost", "outOfMemory", "generation"]
    text: str


def classify(error: Exception) -> Trouble:
    if is_device_lost(error):
        return Trouble("deviceLost", one_line(error))
    if is_out_of_memory(error):
        return Trouble("outOfMemory", one_line(error))
    return Trouble("generation", one_line(error))
