"""A model hub on loopback with one repository: its list of files and their bytes."""

import hashlib
import json
import threading
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


class FakeHub(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, home: str, revision: str, files: Mapping[str, bytes]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.home = home
        self.revision = revision
        self.files = dict(files)
        self.gated = False
        self.members: set[str] = set()
        """The tokens whose account accepted the terms."""
        self.refused: set[str] = set()
        """Tokens that are not valid any more."""
        self.stated: dict[str, str] = {}
        """A checksum that the list states instead of the true one."""
        self.fetched: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def tree(self) -> list[dict[str, object]]:
        return [self._entry(path, body) for path, body in self.files.items()]

    def _entry(self, path: str, body: bytes) -> dict[str, object]:
        entry: dict[str, object] = {
            "type": "file",
            "path": path,
            "size": len(body),
            "oid": hashlib.sha1(body).hexdigest(),
        }
        if path.endswith((".safetensors", ".bin", ".ckpt")):
            sha256 = self.stated.get(path, hashlib.sha256(body).hexdigest())
            entry["lfs"] = {"oid": sha256, "size": len(body), "pointerSize": 134}
        return entry


class Handler(BaseHTTPRequestHandler):
    server: FakeHub  # type: ignore[assignment]

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        hub, path = self.server, urlsplit(self.path).path
        if (self.headers["Authorization"] or "").removeprefix("Bearer ") in hub.refused:
            message = "Invalid credentials in Authorization header"
            return self.answer(401, message=message)
        tree = f"/api/models/{hub.home}/tree/"
        files = f"/{hub.home}/resolve/{hub.revision}/"
        if path == f"{tree}{hub.revision}":
            self.answer(200, json.dumps(hub.tree()).encode())
        elif path.startswith((tree, f"/{hub.home}/resolve/")) and not path.startswith(files):
            self.answer(404, code="RevisionNotFound")
        elif path.startswith(files):
            self.give(path.removeprefix(files))
        else:
            self.answer(404 if self.headers["Authorization"] else 401, code="RepoNotFound")

    def give(self, path: str) -> None:
        hub = self.server
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        if hub.gated and token not in hub.members:
            # The list of files is public, the files are not; as the hub does it.
            self.answer(403 if token else 401, code="GatedRepo")
        elif path not in hub.files:
            self.answer(404, code="EntryNotFound")
        else:
            if self.command == "GET":
                hub.fetched.append(path)
            self.answer(200, hub.files[path])

    def answer(self, status: int, body: bytes = b"", code: str = "", message: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        self.send_header("X-Repo-Commit", self.server.revision)
        for name, value in {"X-Error-Code": code, "X-Error-Message": message}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass
