"""Lets the router alone in. moto itself answers whoever finds its port, under any Host and Origin,
and `/moto-api` resets it, reads all that it holds, or records every call.
"""

import hmac
import os

HEADER = "HTTP_X_ENGINE_KEY"
OWN_PATHS = ("/moto-api", "/favicon.ico")


def install_gate() -> None:
    """Takes both keys out of the environment: no child of this process needs them."""
    forwarded, own = os.environ.pop("ENGINE_KEY"), os.environ.pop("ENGINE_OWN_KEY")
    from moto.moto_server import threaded_moto_server

    class GatedApplication(threaded_moto_server.DomainDispatcherApplication):
        def __call__(self, environ, start_response):
            given = environ.get(HEADER, "").encode()
            is_own = hmac.compare_digest(given, own.encode())
            is_ours_alone = environ.get("PATH_INFO", "").startswith(OWN_PATHS)
            if is_own or (not is_ours_alone and hmac.compare_digest(given, forwarded.encode())):
                return super().__call__(environ, start_response)
            start_response("403 Forbidden", [("content-type", "text/plain")])
            return [b"Expected a call of the local stack. To fix: call its own address.\n"]

    threaded_moto_server.DomainDispatcherApplication = GatedApplication
