import os
from pathlib import Path

import pytest

from builders import an_environment
from worker.compute_batch import Layout
from worker.errors import InvalidJob
from worker.learned import Learned
from worker.settings import read_settings


def test_reads_the_environment_of_a_batch_container() -> None:
    settings = read_settings(an_environment(ATTEMPT="3", SHARD_KEY="jobs/job-1/shards/00012.json"))
    assert (settings.shard, settings.attempt) == (12, 3)
    assert settings.record_key == "jobs/job-1/attempts/00012-3.json"


def test_has_defaults_for_what_batch_does_not_give() -> None:
    names = ("JOB_ID", "SHARD_KEY", "ATTEMPT", "POOL", "BUCKET", "AWS_REGION")
    settings = read_settings({name: an_environment()[name] for name in names})
    assert settings.imds_endpoint == "http://169.254.169.254"
    assert (settings.imds_poll_seconds, settings.cache_dir) == (5, Path("/scratch"))
    assert (settings.compute_batch, settings.threads) == (4, os.cpu_count())
    assert settings.endpoint_url is None
    assert (settings.learned, settings.image_fingerprint) == (Learned(), "")


def test_knows_by_size_what_the_ledger_learned() -> None:
    text = '{"512x512":{"computeBatch":8,"decodeBatch":4},"64x64":{"compileFromImages":120}}'
    learned = read_settings(an_environment(LEARNED=text)).learned
    assert learned == Learned({"512x512": Layout(8, 4)}, {"64x64": 120})


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        "{",
        '{"512x512":8}',
        '{"512x512":{"computeBatch":8}}',
        '{"512x512":{"computeBatch":0,"decodeBatch":1}}',
        '{"512x512":{"compileFromImages":true}}',
        '{"512x512":{"compileFromImages":NaN}}',
    ],
)
def test_refuses_what_the_ledger_can_not_have_said(text: str) -> None:
    with pytest.raises(InvalidJob, match="`LEARNED`"):
        read_settings(an_environment(LEARNED=text))


def test_names_every_missing_variable_at_once() -> None:
    with pytest.raises(InvalidJob) as caught:
        read_settings({})
    for name in ("JOB_ID", "SHARD_KEY", "ATTEMPT", "POOL", "BUCKET", "AWS_REGION"):
        assert f"`{name}`" in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ATTEMPT", "0"),
        ("ATTEMPT", "first"),
        ("COMPUTE_BATCH", "1.5"),
        ("IMDS_POLL_SECONDS", "nan"),
        ("SHARD_KEY", "jobs/another/shards/00000.json"),
        ("SHARD_KEY", "jobs/job-1/shards/0.json"),
    ],
)
def test_refuses_a_value_out_of_range(name: str, value: str) -> None:
    with pytest.raises(InvalidJob, match=rf"`{name}`.*`{value}`"):
        read_settings(an_environment(**{name: value}))
