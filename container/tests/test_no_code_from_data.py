"""Nothing that is read may become code: no pickle, no shell, no loader that falls back to either.

Every call in worker/, importer/ and bench/ is looked at, so that a new one is held, too.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CONTAINER = Path(__file__).resolve().parents[1]
SOURCES = sorted(
    file
    for folder in ("worker", "importer", "bench")
    for file in (CONTAINER / folder).rglob("*.py")
)
CONVERTER = "importer/convert_child.py"

# from_pretrained of something that has no weights: what is called, by file.
WITHOUT_WEIGHTS = {
    "worker/assemble.py": {"cls.config_class.from_pretrained", "cls.from_pretrained"},
    "worker/checkers.py": {"kind.from_pretrained"},
}

FORBIDDEN_IMPORTS = {"pickle", "cPickle", "dill", "cloudpickle", "joblib", "marshal", "shelve"}
FORBIDDEN_CALLS = {
    "eval",
    "exec",
    "compile",
    "__import__",
    "os.system",
    "os.popen",
    "yaml.load",
    "numpy.load",
    "np.load",
    "torch.hub.load",
    "torch.jit.load",
    "subprocess.getoutput",
}


def name_of(file: Path) -> str:
    return file.relative_to(CONTAINER).as_posix()


def calls_of(file: Path) -> Iterator[tuple[str, ast.Call]]:
    for node in ast.walk(ast.parse(file.read_text("utf8"))):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def options_of(call: ast.Call) -> dict[str, str]:
    return {word.arg: ast.unparse(word.value) for word in call.keywords if word.arg}


ALL_CALLS = [(name_of(file), name, call) for file in SOURCES for name, call in calls_of(file)]


def test_there_is_something_to_look_at() -> None:
    assert len(SOURCES) > 60 and len(ALL_CALLS) > 1000
    assert sum(name.endswith(".from_pretrained") for _, name, _ in ALL_CALLS) >= 7


@pytest.mark.parametrize(
    ("file", "name", "call"),
    [found for found in ALL_CALLS if found[1].endswith(".from_pretrained")],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_loader_of_weights_takes_safetensors_alone_and_no_hub(
    file: str, name: str, call: ast.Call
) -> None:
    options = options_of(call)
    assert options.get("trust_remote_code") is None
    gives_weights = "state_dict" in options  # nothing is left for the loader to read
    if gives_weights:
        assert isinstance(call.args[0], ast.Constant) and call.args[0].value is None
        return
    assert options.get("local_files_only") == "True"
    if options.get("use_safetensors") != "True":
        assert name in WITHOUT_WEIGHTS.get(file, set())


def test_only_the_converter_reads_a_pickle_and_it_runs_nothing() -> None:
    loads = [(file, options_of(call)) for file, name, call in ALL_CALLS if name == "torch.load"]
    assert loads == [(CONVERTER, {"map_location": "'cpu'", "weights_only": "True"})]


def imports_of(file: Path) -> Iterator[tuple[str | None, str]]:
    """(module, name): `import a` is (None, a)."""
    for node in ast.walk(ast.parse(file.read_text("utf8"))):
        if isinstance(node, ast.Import | ast.ImportFrom):
            yield from ((getattr(node, "module", None), alias.name) for alias in node.names)


def test_the_worker_does_not_know_the_converter() -> None:
    known = [
        (name_of(file), module or name)
        for file in SOURCES
        for module, name in imports_of(file)
        if (module or name).split(".")[0] == "importer"
    ]
    assert known and all(file.startswith("importer/") for file, _ in known)


def test_nothing_else_turns_data_into_code() -> None:
    found = [(file, name) for file, name, _ in ALL_CALLS if name in FORBIDDEN_CALLS]
    found += [
        (file, name)
        for file, name, _ in ALL_CALLS
        if name.endswith((".from_single_file", ".from_pickle", ".load_textual_inversion"))
    ]
    assert found == []
    imported = [
        (name_of(file), name)
        for file in SOURCES
        for module, name in imports_of(file)
        if {module, name} & FORBIDDEN_IMPORTS
    ]
    assert imported == []


def test_no_command_goes_through_a_shell() -> None:
    for file, name, call in ALL_CALLS:
        if name.startswith("subprocess.") or name in ("Popen", "run_child"):
            assert options_of(call).get("shell") is None, f"{file}: {name}"
            first = call.args[0] if call.args else None
            # A list of words, or a name that holds one; never one text.
            assert isinstance(first, ast.List | ast.Name), f"{file}: {name}"
