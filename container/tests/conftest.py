import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import count
from pathlib import Path
from typing import Any

import boto3
import pytest
from builders import an_environment
from fake_imds import FakeImds
from moto.server import ThreadedMotoServer
from place import PROCESSES, Place
from random_model import MODEL, REVISION, describe, make_random_model
from random_xl_model import make_random_xl_model

HERE = Path(__file__).parent
_numbers = count(1)


@pytest.fixture(scope="session")
def fork_server() -> None:
    # In the environment: the server of Python 3.11 does not get our sys.path before it preloads.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(HERE.parent), str(HERE)])
    os.environ["HF_HUB_OFFLINE"] = "1"
    # pytest too: a child imports the script that its parent was started by.
    PROCESSES.set_forkserver_preload(["worker.studio", "sabotage", "random_model", "pytest"])


@pytest.fixture(scope="session")
def random_model(fork_server: None, tmp_path_factory: pytest.TempPathFactory) -> Path:
    scratch = tmp_path_factory.mktemp("random-model")
    maker = PROCESSES.Process(target=make_random_model, args=(scratch / "model", scratch))
    maker.start()
    maker.join()
    assert maker.exitcode == 0
    return scratch / "model"


@pytest.fixture(scope="session")
def s3_url() -> Iterator[str]:
    os.environ.update({"AWS_ACCESS_KEY_ID": "local", "AWS_SECRET_ACCESS_KEY": "local"})
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def imds() -> Iterator[FakeImds]:
    server = FakeImds()
    yield server
    server.shutdown()
    server.server_close()


@pytest.fixture
def empty_place(s3_url: str, imds: FakeImds, tmp_path: Path) -> Callable[[], Place]:
    def make() -> Place:
        name = f"bucket-{next(_numbers)}"
        s3: Any = boto3.client("s3", region_name="us-east-1", endpoint_url=s3_url)
        s3.create_bucket(Bucket=name)
        environment = {
            "AWS_ENDPOINT_URL": s3_url,
            "IMDS_ENDPOINT": imds.url,
            "WORKER_CACHE_DIR": str(tmp_path / "cache"),
        }
        return Place(s3, name, tmp_path, {**an_environment(), **environment})

    return make


@pytest.fixture
def make_place(empty_place: Callable[[], Place], random_model: Path) -> Callable[[], Place]:
    """Buckets that hold the random model."""

    def make() -> Place:
        place, prefix = empty_place(), f"models/{MODEL}/{REVISION}"
        manifest = describe(random_model)
        for file in manifest["files"]:
            place.put(f"{prefix}/{file['path']}", (random_model / file["path"]).read_bytes())
        place.put(f"{prefix}/manifest.json", manifest)
        return place

    return make


@pytest.fixture
def place(make_place: Callable[[], Place]) -> Place:
    return make_place()


@pytest.fixture(scope="module")
def child(fork_server: None) -> Iterator[Any]:
    """Runs a function where torch is imported already; models stay loaded there."""
    with ProcessPoolExecutor(1, mp_context=PROCESSES) as pool:
        yield lambda work, *arguments: pool.submit(work, *arguments).result(60)


@pytest.fixture(scope="module")
def xl_model(child: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    scratch = tmp_path_factory.mktemp("random-xl-model")
    child(make_random_xl_model, scratch / "model", scratch)
    return scratch / "model"
