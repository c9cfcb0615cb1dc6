"""Safetensors from the disk into tensors on the device.

To the CPU: the file is mapped, nothing is copied, pages come when they are first used.
To a GPU: READERS threads, each with a stretch of the file, read it piece by piece into pinned
memory and copy each piece on while the next is read. A mapped file would arrive by page faults, one
after another, and be copied twice.
Measured in docs/decisions/0020-how-weights-are-loaded.md.
Each tensor has memory of its own: views of one buffer would keep all of it alive when a single
weight is replaced (channels_last), and their addresses would not be aligned.
"""

import json
import threading
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors import safe_open
from safetensors.torch import load_file

from worker import staging
from worker.page_cache import reading_ahead
from worker.staging import Lane, Piece, share

READERS = 32

DTYPES = {
    "F64": torch.float64,
    "F32": torch.float32,
    "F16": torch.float16,
    "BF16": torch.bfloat16,
    "I64": torch.int64,
    "I32": torch.int32,
    "I16": torch.int16,
    "I8": torch.int8,
    "U8": torch.uint8,
    "BOOL": torch.bool,
}

Check = Callable[[], None]
"""Called between pieces; may raise to end the load."""


@dataclass(frozen=True)
class Entry:
    """Where a tensor lies in its file, in bytes."""

    name: str
    dtype: torch.dtype
    shape: tuple[int, ...]
    start: int


def read_tensors(
    files: Sequence[Path], device: torch.device, dtype: torch.dtype, check: Check = lambda: None
) -> dict[str, torch.Tensor]:
    """All tensors of the files, on the device, floating ones as dtype.

    Raises SafetensorError or ValueError for a malformed file, OSError for one that shrinks, and
    what check raises.
    """
    if device.type != "cpu":
        staged = [stage(file, device, check) for file in files]
        return cast({name: tensor for part in staged for name, tensor in part.items()}, dtype)
    with reading_ahead(files, check):
        return cast(map_files(files), dtype)


def map_files(files: Iterable[Path]) -> dict[str, torch.Tensor]:
    """Reads nothing yet but the headers."""
    return {name: tensor for file in files for name, tensor in load_file(file).items()}


def cast(tensors: dict[str, torch.Tensor], dtype: torch.dtype) -> dict[str, torch.Tensor]:
    """Replaced one by one, so that only one tensor exists twice."""
    for name, tensor in tensors.items():
        if tensor.is_floating_point():
            tensors[name] = tensor.to(dtype)
    return tensors


def read_entries(file: Path) -> list[Entry]:
    """In the order of the file."""
    # The library checks the header against the file's size; only it does not tell the offsets.
    with safe_open(file, "pt"):
        pass
    with file.open("rb") as source:
        length = int.from_bytes(source.read(8), "little")
        header = json.loads(source.read(length))
    header.pop("__metadata__", None)
    entries = [
        Entry(
            name,
            to_dtype(name, tensor["dtype"]),
            tuple(tensor["shape"]),
            8 + length + tensor["data_offsets"][0],
        )
        for name, tensor in header.items()
    ]
    return sorted(entries, key=lambda entry: entry.start)


def to_dtype(name: str, text: str) -> torch.dtype:
    if text not in DTYPES:
        raise ValueError(f"Expected `{name}` to be of {', '.join(DTYPES)}, got `{text}`.")
    return DTYPES[text]


def stage(file: Path, device: torch.device, check: Check) -> dict[str, torch.Tensor]:
    tensors: dict[str, torch.Tensor] = {}
    runs: list[tuple[int, torch.Tensor]] = []
    for entry in read_entries(file):
        tensor = torch.empty(entry.shape, dtype=entry.dtype, device=device)
        tensors[entry.name] = tensor
        runs.append((entry.start, tensor.reshape(-1).view(torch.uint8)))
    read_all(file, cut(runs), device, check)
    return tensors


def cut(runs: Iterable[tuple[int, torch.Tensor]]) -> list[Piece]:
    """Pieces of at most PIECE_BYTES; tensors that follow each other in the file share one."""
    pieces: list[Piece] = []
    most = staging.PIECE_BYTES
    for offset, flat in runs:
        for begin in range(0, flat.numel(), most):
            part, start = flat[begin : begin + most], offset + begin
            last = pieces[-1] if pieces else None
            if last and last.end == start and last.bytes + part.numel() <= most:
                last.add(part)
            else:
                pieces.append(Piece(start, [part]))
    return pieces


def read_all(file: Path, pieces: Sequence[Piece], device: torch.device, check: Check) -> None:
    failed = threading.Event()

    def read(stretch: Sequence[Piece]) -> None:
        lane = Lane(file, device)
        try:
            for piece in stretch:
                if failed.is_set():
                    return
                check()
                lane.fill(piece)
        except BaseException:
            failed.set()
            raise
        finally:
            lane.close()

    with ThreadPoolExecutor(READERS) as pool:
        for end in [pool.submit(read, stretch) for stretch in share(pieces, READERS)]:
            end.result()
