import os

# Before anything imports diffusers: tests must not ask a hub.
os.environ.setdefault("HF_HUB_OFFLINE", "1")

import pytest
import torch


@pytest.fixture(autouse=True, scope="session")
def one_thread() -> None:
    # More threads than free cores spin; and equality bit for bit is promised per thread count.
    torch.set_num_threads(1)
