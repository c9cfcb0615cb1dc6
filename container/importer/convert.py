"""A person's own file of weights as safetensors: `python -m importer.convert x.ckpt x.safetensors`.

The file is read by a child: with `weights_only`, which builds tensors and plain containers and
runs nothing else, in a network namespace without a way out, with no secret in its environment.
A machine that gives no such namespace (not Linux, or users may not make them) is refused, unless
`--with-network` says that the person trusts the file. Runs on one's own machine, never in AWS: the
worker, its image and the import know safetensors alone.

The names and shapes of the tensors stay: a LoRA becomes `loras/<name>.safetensors` of the bucket, a
component's `diffusion_pytorch_model.bin` its `.safetensors`. A whole checkpoint in one file keeps
its own layout, which is not the one of a model's folders.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from importer.errors import ImportProblem
from importer.pickles import PICKLES
from importer.plain import plain

CHILD = Path(__file__).with_name("convert_child.py")
LONGEST_SECONDS = 3600
# What finds Python's own libraries and a folder for temporary files; nothing else is inherited.
INHERITED = ("PATH", "LD_LIBRARY_PATH", "TMPDIR", "SYSTEMROOT")


def network_jail() -> list[str] | None:
    """The command that starts another one without network; None where the machine has none."""
    unshare = shutil.which("unshare")
    if unshare is None:
        return None
    jail = [unshare, "--user", "--map-root-user", "--net"]
    try:
        probe = subprocess.run([*jail, "true"], capture_output=True, check=False, timeout=20)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return jail if probe.returncode == 0 else None


def convert(source: Path, target: Path, *, with_network: bool = False) -> int:
    """The number of tensors. Raises ImportProblem; then there is no new file."""
    if source.suffix.lower() not in PICKLES:
        known = ", ".join(sorted(PICKLES))
        raise ImportProblem(f"Expected a file that ends with one of {known}, got `{source.name}`.")
    if target.suffix != ".safetensors":
        raise ImportProblem(f"Expected a name that ends with `.safetensors`, got `{target.name}`.")
    if not source.is_file():
        raise ImportProblem(f"Expected a file `{source}`, found none.")
    if target.exists():
        raise ImportProblem(f"Expected no file `{target}` yet: nothing is overwritten.")
    jail = network_jail()
    if jail is None and not with_network:
        raise ImportProblem(
            "Expected a machine where a process can be kept from the network (`unshare --net`), "
            "this one has none. To fix: convert it on such a Linux machine, or say "
            "`--with-network` if you trust the file."
        )
    with tempfile.TemporaryDirectory(dir=target.resolve().parent) as folder:
        made = Path(folder) / "made.safetensors"
        files = (str(CHILD), str(source.resolve()), str(made))
        count = run_child([*(jail or []), *python(), *files])
        os.replace(made, target)
    return count


def python() -> list[str]:
    """Isolated, it reads no environment: where compiled modules lie must be said."""
    cache = ["-X", f"pycache_prefix={sys.pycache_prefix}"] if sys.pycache_prefix else []
    return [sys.executable, "-I", *cache]


def run_child(command: Sequence[str]) -> int:
    environment = {name: os.environ[name] for name in INHERITED if name in os.environ}
    try:
        end = subprocess.run(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
            timeout=LONGEST_SECONDS,
        )
    except subprocess.TimeoutExpired as error:
        raise ImportProblem(f"Expected an end within {LONGEST_SECONDS} s, it was ended.") from error
    last = (end.stdout.strip().splitlines() or [""])[-1]
    if end.returncode == 0 and last.isdecimal():
        return int(last)
    said = plain((end.stderr.strip().splitlines() or ["no reason given"])[-1])[:300]
    raise ImportProblem(f"The file was not converted (exit code {end.returncode}): {said}")


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="importer.convert", description=__doc__)
    parser.add_argument("source", type=Path, help="the file: .ckpt, .bin, .pt, .pth")
    parser.add_argument("target", type=Path, help="the new file, .safetensors")
    parser.add_argument("--with-network", action="store_true", help="no namespace: you trust it")
    given = parser.parse_args(arguments)
    try:
        count = convert(given.source, given.target, with_network=given.with_network)
    except (ImportProblem, OSError) as problem:
        print(plain(str(problem)), file=sys.stderr, flush=True)
        return 1
    print(plain(f"Wrote `{given.target}`: {count} tensors."), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
