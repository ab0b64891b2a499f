"""A small OpenID Connect provider on 127.0.0.1 that signs real tokens, and can be told to lie."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import RSAKey

CLIENT, SECRET = "passage", "a secret that both know"


@dataclass
class Provider:
    """What the provider says next.

    Attributes:
        claims: of the next ID token, over the right ones; None takes a claim away.
        user_info: what the address for that gives; None where there is none.
        seen: the requests to its token endpoint.
    """

    address: str = ""
    key: RSAKey = field(
        default_factory=lambda: RSAKey.generate_key(2048, {"kid": "first", "use": "sig", "alg": "RS256"})
    )
    signs_with: RSAKey | None = None
    header: dict[str, str] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    user_info: dict[str, Any] | None = None
    denies: str = ""
    issuer: str = ""
    auth_methods: tuple[str, ...] = ("client_secret_basic",)
    seen: list[dict[str, str]] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def configuration(self) -> dict[str, Any]:
        """The discovery document."""
        document = {
            "issuer": self.issuer or self.address,
            "authorization_endpoint": f"{self.address}/authorize",
            "token_endpoint": f"{self.address}/token",
            "jwks_uri": f"{self.address}/keys",
            "token_endpoint_auth_methods_supported": list(self.auth_methods),
        }
        return document | ({"userinfo_endpoint": f"{self.address}/me"} if self.user_info is not None else {})

    def visit(self, address: str) -> str:
        """What a person who consents (or denies) does with the address that the console sent them to."""
        asked = dict(parse_qsl(urlsplit(address).query))
        assert asked["response_type"] == "code"
        assert asked["client_id"] == CLIENT
        assert "openid" in asked["scope"].split()
        if self.denies:
            return f"{asked['redirect_uri']}?{urlencode({'error': self.denies, 'state': asked['state']})}"
        code = f"code{len(self.codes)}"
        self.codes[code] = asked
        return f"{asked['redirect_uri']}?{urlencode({'code': code, 'state': asked['state']})}"

    def exchange(self, form: dict[str, str], authorization: str) -> tuple[int, dict[str, Any]]:
        """The tokens for a code, once, to who shows its secret and the code's verifier."""
        self.seen.append(form)
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".replace(" ", "+").encode()).decode()
        plain = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        known = authorization in {f"Basic {basic}", f"Basic {plain}"} or form.get("client_secret") == SECRET
        asked = self.codes.pop(form.get("code", ""), None)
        if not known or asked is None or asked["redirect_uri"] != form.get("redirect_uri"):
            return 400, {"error": "invalid_grant"}
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        if base64.urlsafe_b64encode(digest).decode().rstrip("=") != asked["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        return 200, {"access_token": "a", "token_type": "Bearer", "id_token": self.id_token(asked["nonce"])}

    def id_token(self, nonce: str) -> str:
        """A signed ID token."""
        now = int(time.time())
        claims = {
            "iss": self.issuer or self.address, "aud": CLIENT, "sub": "user-1", "iat": now, "exp": now + 300,
            "nonce": nonce, "email": "Ria@Example.org", "email_verified": True,
        } | self.claims  # fmt: skip
        header = {"alg": "RS256", "kid": self.key.kid or ""} | self.header
        kept = {name: value for name, value in claims.items() if value is not None}
        if header["alg"] == "none":
            parts = (
                base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in (header, kept)
            )
            return ".".join([*parts, ""])
        return jwt.encode(header, kept, self.signs_with or self.key)


@contextmanager
def running() -> Iterator[Provider]:
    """A provider that answers on a port of its own."""
    provider = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            if path == "/.well-known/openid-configuration":
                self.send(200, provider.configuration())
            elif path == "/keys":
                self.send(200, {"keys": [provider.key.as_dict(private=False)]})
            elif path == "/me" and self.headers["Authorization"] == "Bearer a":
                self.send(200, provider.user_info or {})
            else:
                self.send(404, {})

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            form = {name: values[0] for name, values in parse_qs(body).items()}
            self.send(*provider.exchange(form, self.headers.get("Authorization", "")))

        def send(self, status: int, document: dict[str, Any]) -> None:
            body = json.dumps(document).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        provider.address = f"http://127.0.0.1:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield provider
        finally:
            server.shutdown()
            thread.join()
