from collections.abc import Callable, Iterator

import pytest

from fake_hub import FakeHub
from importing import FILES, MODEL
from place import Place


@pytest.fixture
def place(empty_place: Callable[[], Place]) -> Place:
    return empty_place()


@pytest.fixture
def hub() -> Iterator[FakeHub]:
    server = FakeHub(MODEL.home, MODEL.revision, FILES)
    yield server
    server.shutdown()
    server.server_close()
