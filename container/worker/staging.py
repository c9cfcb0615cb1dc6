"""The way of one reader from the disk to the device, through host memory that is used again.

Two buffers per reader, so that the disk fills one while the GPU's copy engine empties the other,
and no more host memory than that (g4dn, g5 and g6.xlarge have 16 GiB in all).
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import torch

PIECE_BYTES = 2 << 20
"""Of one read. Small enough for a core's cache: larger buffers were slower (decision 0020)."""


@dataclass
class Piece:
    """A stretch of a file, and the bytes of tensors that it fills one after another."""

    start: int
    runs: list[torch.Tensor]
    """Flat uint8 views."""
    bytes: int = field(init=False)

    def __post_init__(self) -> None:
        self.bytes = sum(run.numel() for run in self.runs)

    @property
    def end(self) -> int:
        return self.start + self.bytes

    def add(self, run: torch.Tensor) -> None:
        self.runs.append(run)
        self.bytes += run.numel()


class Lane:
    """Of one thread. It opens the file itself: the kernel reads ahead per open file, and would be
    confused by threads that share one."""

    def __init__(self, file: Path, device: torch.device) -> None:
        self._is_cuda = device.type == "cuda"
        self._buffers = [
            torch.empty(PIECE_BYTES, dtype=torch.uint8, pin_memory=self._is_cuda) for _ in range(2)
        ]
        self._copied: list[torch.cuda.Event | None] = [None, None]
        self._turn = 0
        self._descriptor = os.open(file, os.O_RDONLY)

    def fill(self, piece: Piece) -> None:
        turn, self._turn = self._turn, 1 - self._turn
        self._wait(turn)
        buffer = self._buffers[turn][: piece.bytes]
        read_exactly(self._descriptor, piece.start, buffer.numpy().data)
        offset = 0
        for run in piece.runs:
            # Without CUDA the copy waits by itself.
            run.copy_(buffer[offset : offset + run.numel()], non_blocking=self._is_cuda)
            offset += run.numel()
        if self._is_cuda:
            event = torch.cuda.Event()
            event.record()
            self._copied[turn] = event

    def close(self) -> None:
        """Waits for the copies that still read the buffers."""
        os.close(self._descriptor)
        for turn in range(2):
            self._wait(turn)

    def _wait(self, turn: int) -> None:
        event = self._copied[turn]
        if event is not None:
            event.synchronize()


def read_exactly(descriptor: int, start: int, target: memoryview) -> None:
    """Raises OSError if the file ends first. A single read may return less than asked for."""
    done = 0
    while done < len(target):
        count = os.preadv(descriptor, [target[done:]], start + done)
        if count == 0:
            raise OSError(f"Expected {len(target) - done} more bytes, the file ends at {start}.")
        done += count


def share(pieces: Sequence[Piece], readers: int) -> list[Sequence[Piece]]:
    """Each reader its own stretch, so that each reads ahead of itself, not of another."""
    each = -(-len(pieces) // readers) or 1
    return [pieces[start : start + each] for start in range(0, len(pieces), each)]
