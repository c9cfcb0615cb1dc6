"""The instance metadata service, as far as the worker asks it."""

import json
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse


class FakeImds(ThreadingHTTPServer):
    """Refuses requests without the token (401), as IMDSv2 does; `expire_token()` changes it."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.notice: dict[str, str] | None = None
        self.token = "token-1"
        self.polls = 0
        threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def announce(self, seconds: float) -> None:
        time = datetime.now(UTC) + timedelta(seconds=seconds)
        self.notice = {"action": "terminate", "time": time.isoformat().replace("+00:00", "Z")}

    def expire_token(self) -> None:
        self.token = "token-2"


class Handler(BaseHTTPRequestHandler):
    server: FakeImds

    def do_PUT(self) -> None:
        self._answer(200, self.server.token)

    def do_POST(self) -> None:
        query = parse_qs(urlparse(self.path).query)
        self.server.announce(float(query["seconds"][0]))
        self._answer(200, "")

    def do_GET(self) -> None:
        self.server.polls += 1
        if self.headers.get("X-aws-ec2-metadata-token") != self.server.token:
            self._answer(401, "")
        elif self.server.notice is None:
            self._answer(404, "")
        else:
            self._answer(200, json.dumps(self.server.notice))

    def _answer(self, status: int, body: str) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        pass
