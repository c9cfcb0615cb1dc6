from pathlib import Path

from bench.folder import manifest_of
from bench.measure_load import measure_load


def test_measures_ours_beside_from_pretrained(random_model: Path) -> None:
    manifest = manifest_of(random_model, "StableDiffusionPipeline", "float32")
    found = measure_load(random_model, manifest, turns=1)
    assert found["loadSeconds"] > 0 and found["baselineLoadSeconds"] > 0 and found["bytes"] > 1000
