"""A model hub on loopback: the list of files of a repository and their bytes; more stand beside."""

import hashlib
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import unquote, urlsplit


@dataclass
class Repository:
    home: str
    revision: str
    files: Mapping[str, bytes]
    gated: bool = False
    stated: dict[str, str] = field(default_factory=dict)


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
        self.refusal = "Invalid credentials in Authorization header"
        self.stated: dict[str, str] = {}
        """A checksum that the list states instead of the true one."""
        self.beside: list[Repository] = []
        """Open to everybody."""
        self.fetched: list[str] = []
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def asked_for(self, path: str) -> "FakeHub | Repository":
        for other in self.beside:
            if path.startswith((f"/api/models/{other.home}/", f"/{other.home}/")):
                return other
        return self


def tree(of: FakeHub | Repository) -> list[dict[str, object]]:
    return [entry(path, body, of.stated) for path, body in of.files.items()]


def entry(path: str, body: bytes, stated: Mapping[str, str]) -> dict[str, object]:
    found: dict[str, object] = {
        "type": "file",
        "path": path,
        "size": len(body),
        "oid": hashlib.sha1(body).hexdigest(),
    }
    if path.endswith((".safetensors", ".bin", ".ckpt")):
        sha256 = stated.get(path, hashlib.sha256(body).hexdigest())
        found["lfs"] = {"oid": sha256, "size": len(body), "pointerSize": 134}
    return found


class Handler(BaseHTTPRequestHandler):
    server: FakeHub  # type: ignore[assignment]

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_GET(self) -> None:
        hub, path = self.server, unquote(urlsplit(self.path).path)
        if (self.headers["Authorization"] or "").removeprefix("Bearer ") in hub.refused:
            return self.answer(401, message=hub.refusal)
        asked = hub.asked_for(path)
        trees, blobs = f"/api/models/{asked.home}/tree/", f"/{asked.home}/resolve/"
        files = f"{blobs}{asked.revision}/"
        if path == f"{trees}{asked.revision}":
            self.answer(200, json.dumps(tree(asked)).encode())
        elif path.startswith((trees, blobs)) and not path.startswith(files):
            self.answer(404, code="RevisionNotFound")
        elif path.startswith(files):
            self.give(path.removeprefix(files), asked)
        else:
            self.answer(404 if self.headers["Authorization"] else 401, code="RepoNotFound")

    def give(self, path: str, of: FakeHub | Repository) -> None:
        hub = self.server
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        if of.gated and token not in hub.members:
            # The list of files is public, the files are not; as the hub does it.
            self.answer(403 if token else 401, code="GatedRepo")
        elif path not in of.files:
            self.answer(404, code="EntryNotFound")
        else:
            if self.command == "GET":
                hub.fetched.append(path)
            self.answer(200, of.files[path])

    def answer(self, status: int, body: bytes = b"", code: str = "", message: str = "") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("ETag", f'"{hashlib.sha256(body).hexdigest()}"')
        asked = self.server.asked_for(urlsplit(self.path).path)
        self.send_header("X-Repo-Commit", asked.revision)
        for name, value in {"X-Error-Code": code, "X-Error-Message": message}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        pass
