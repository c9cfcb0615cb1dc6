"""`python -m importer` as the import's build starts it, against a hub on loopback."""

import json
import subprocess
import sys
from pathlib import Path

from fake_hub import FakeHub, Repository
from importer.registry import read_model
from place import Place

CONTAINER = Path(__file__).parents[2]
INDEX = {
    "_class_name": "StableDiffusionPipeline",
    "unet": ["diffusers", "UNet2DConditionModel"],
    "tokenizer": ["transformers", "CLIPTokenizer"],
    "safety_checker": ["stable_diffusion", "StableDiffusionSafetyChecker"],
    "image_encoder": [None, None],
}
FILES = {
    "model_index.json": json.dumps(INDEX).encode(),
    "README.md": b"#",
    "v1-4.safetensors": b"single file",
    "v1-4.ckpt": b"pickle",
    "unet/config.json": b"{}",
    "unet/diffusion_pytorch_model.safetensors": b"full" * 9,
    "unet/diffusion_pytorch_model.fp16.safetensors": b"half" * 5,
    "unet/diffusion_pytorch_model.non_ema.safetensors": b"other",
    "unet/diffusion_pytorch_model.bin": b"pickle",
    "tokenizer/vocab.json": b"{}",
    "tokenizer/merges.txt": b"#",
    "safety_checker/model.safetensors": b"looks at the pictures",
}
HALF = FILES["unet/diffusion_pytorch_model.fp16.safetensors"]
WEIGHTS = "unet/diffusion_pytorch_model.safetensors"
MODEL = read_model("sd-1.4")
CLASSIFIER = read_model("safety-classifier")
KEPT = {"config.json": b"{}", "model.safetensors": b"looks", "preprocessor_config.json": b"{}"}


def classifier_of_bytes() -> Repository:
    left = {"pytorch_model.bin": b"pickle", "onnx/model.onnx": b"x", "README.md": b"#"}
    return Repository(CLASSIFIER.home, CLASSIFIER.revision, {**KEPT, **left})


def run(place: Place, hub: FakeHub, **environment: str) -> subprocess.CompletedProcess[str]:
    needed = ("AWS_REGION", "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL")
    own = {name: place.environment[name] for name in needed}
    own |= {"AWS_DEFAULT_REGION": own["AWS_REGION"], "HF_ENDPOINT": hub.url}
    own |= {"MODEL": MODEL.id, "BUCKET": place.name, "HF_TOKEN": "", "HOME": "/nonexistent"}
    return subprocess.run(
        [sys.executable, "-m", "importer"],
        cwd=CONTAINER,
        env={**own, **environment},
        capture_output=True,
        text=True,
        timeout=60,
    )


def problem(end: subprocess.CompletedProcess[str]) -> str:
    """The one line of an import that ended badly."""
    assert end.returncode == 1
    (line,) = end.stderr.splitlines()
    return line
