"""Pictures that recipes start from."""

import hashlib
import io
from typing import Any

import PIL.Image


def png(picture: PIL.Image.Image, kind: str = "PNG", **options: Any) -> bytes:
    sink = io.BytesIO()
    picture.save(sink, kind, **options)
    return sink.getvalue()


RED = png(PIL.Image.new("RGB", (40, 40), (200, 30, 30)))


def a_start(key: str = "red", **overrides: Any) -> dict[str, Any]:
    sha256 = hashlib.sha256(RED).hexdigest()
    return {"image": f"s3://pictures/{key}", "sha256": sha256, "strength": 0.6, **overrides}
