"""As worker.bucket.Bucket, in memory; remembers what was read."""

from collections.abc import Mapping


class FakeBucket:
    def __init__(self, objects: Mapping[str, bytes] | None = None) -> None:
        self.objects = dict(objects or {})
        self.asked: list[str] = []

    def read(self, key: str) -> bytes | None:
        self.asked.append(key)
        return self.objects.get(key)

    def exists(self, key: str) -> bool:
        return key in self.objects

    def put_once(self, key: str, body: bytes, content_type: str) -> bool:
        return self.objects.setdefault(key, body) is body
