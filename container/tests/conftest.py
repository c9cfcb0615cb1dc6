import functools
import os
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

# Before anything imports torch: threads that wait for each other spin, on cores that others use.
os.environ.update({"OMP_NUM_THREADS": "1", "HF_HUB_OFFLINE": "1"})

import boto3
import pytest
from moto.server import ThreadedMotoServer

from builders import an_environment
from fake_imds import FakeImds
from place import PROCESSES, Place

TESTS = Path(__file__).parent
_numbers = count(1)


@pytest.fixture(scope="session")
def fork_server() -> None:
    # In the environment: the server of Python 3.11 does not get our sys.path before it preloads.
    os.environ["PYTHONPATH"] = os.pathsep.join([str(TESTS.parent), str(TESTS / "support")])
    # pytest too: a child imports the script that its parent was started by.
    PROCESSES.set_forkserver_preload(["worker.render_missing", "faults", "pytest"])


@pytest.fixture(scope="session")
def model_of(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """The folder of a model of random weights, by its pipeline; made once."""

    @functools.cache
    def make(pipeline: str) -> Path:
        from random_models import save_random_model  # imports torch: most tests do without

        scratch = tmp_path_factory.mktemp(pipeline)
        save_random_model(pipeline, scratch / "model", scratch)
        return scratch / "model"

    return make


@pytest.fixture(scope="session")
def random_model(model_of: Callable[[str], Path]) -> Path:
    return model_of("StableDiffusionPipeline")


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
def empty_place(
    fork_server: None, s3_url: str, imds: FakeImds, tmp_path: Path
) -> Callable[[], Place]:
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
        place = empty_place()
        place.put_model(random_model)
        return place

    return make


@pytest.fixture
def place(make_place: Callable[[], Place]) -> Place:
    return make_place()
