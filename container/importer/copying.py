"""The order of things: choose, copy each file with its checksum, the manifest last."""

import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from importer.errors import ImportProblem
from importer.hub import Hub
from importer.registry import Model
from importer.selection import INDEX, Chosen, choose_files, choose_single
from importer.target import Target, hash_file

Say = Callable[[str], None]


def import_model(model: Model, hub: Hub, target: Target, say: Say) -> dict[str, Any]:
    """The manifest. Raises ImportProblem. Started again, it goes on where it stopped."""
    manifest_key = f"{model.prefix}/manifest.json"
    present = target.read_json(manifest_key)
    if is_whole(model, target, present):
        target.finish(manifest_key, present)
        say(f"`{model.id}@{model.revision}` is in the bucket already, whole.")
        return present
    # The hub is asked for up to half a minute before it counts as out of reach.
    say(f"Asking the hub for the files of `{model.home}`.")
    chosen = choose(model, hub)
    total = sum(file.source.bytes for file in chosen)
    say(f"Importing `{model.id}` from `{model.home}`: {len(chosen)} files, {total / 1e9:.2f} GB.")
    files = [copy(file, model, hub, target, say) for file in chosen]
    manifest = {
        "version": 1,
        "id": model.id,
        "revision": model.revision,
        "pipeline": model.pipeline,
        "dtype": model.dtype,
        "files": files,
    }
    # Last: a worker that finds the manifest may count on every file.
    target.write_json(manifest_key, manifest)
    target.finish(manifest_key, manifest)
    say(f"Imported `{model.id}@{model.revision}`: {manifest_key}")
    return manifest


def is_whole(model: Model, target: Target, manifest: Any) -> bool:
    """Whether every file that the manifest lists lies in the bucket with its size."""
    if not isinstance(manifest, dict) or manifest.get("version") != 1:
        return False
    if (manifest.get("id"), manifest.get("revision")) != (model.id, model.revision):
        return False
    files = manifest.get("files")
    return bool(files) and all(
        target.size_of(f"{model.prefix}/{file['path']}") == file["bytes"] for file in files
    )


def choose(model: Model, hub: Hub) -> list[Chosen]:
    files = hub.files()
    if not model.is_pipeline:
        return choose_single(files, model)
    with tempfile.TemporaryDirectory() as folder:
        index = json.loads(hub.fetch(INDEX, Path(folder)).read_text("utf8"))
    return choose_files(files, index, model)


def copy(file: Chosen, model: Model, hub: Hub, target: Target, say: Say) -> dict[str, Any]:
    """The file's entry of the manifest. One file on the disk at a time: FLUX has 34 GB."""
    key, source = f"{model.prefix}/{file.path}", file.source
    found = target.describe(key)
    if source.sha256 and found == (source.bytes, source.sha256):
        say(f"  {file.path}: there already")
        return {"path": file.path, "bytes": source.bytes, "sha256": source.sha256}
    with tempfile.TemporaryDirectory(dir=target.staging) as folder:
        local = hub.fetch(source.path, Path(folder))
        size, sha256 = local.stat().st_size, hash_file(local)
        if sha256 != (source.sha256 or sha256) or size != source.bytes:
            raise ImportProblem(
                f"Expected `{source.path}` of `{model.home}` to have {source.bytes} bytes and "
                f"SHA-256 `{source.sha256}`, got {size} and `{sha256}`. "
                "To fix: start the import again; nothing of this file was kept."
            )
        if found != (size, sha256):
            target.upload(key, local, sha256)
    say(f"  {file.path}: {size / 1e6:.1f} MB, SHA-256 {sha256[:12]}…")
    return {"path": file.path, "bytes": size, "sha256": sha256}
