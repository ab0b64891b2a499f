"""Single sign-on through an OpenID Connect provider: the authorization code flow with PKCE.

Specification: https://openid.net/specs/openid-connect-core-1_0.html, section 3.1.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import httpx
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.httpx_client import OAuth2Client
from itsdangerous import BadSignature, URLSafeTimedSerializer
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from corpus.errors import PassageError, ServiceError, SettingsError
from corpus.settings import Settings

UNDER_WAY_S = 600  # how long a visitor may stay at the provider
_METADATA_S = 3600  # the provider's addresses and keys are read anew after this, or for a key that isn't known
_TIMEOUT_S = 10.0
_LEEWAY_S = 60  # by which clocks may differ
# Signed with the provider's private key; "none" and the shared-secret algorithms aren't among them.
_ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA"]


class SingleSignOnError(PassageError):
    """The provider didn't vouch for whoever asks: start again, or sign in with a password."""


@dataclass(frozen=True)
class Identity:
    """Whom the provider vouches for.

    Attributes:
        subject: what the provider calls the person for ever.
        email: only an address that the provider has verified.
        next: the page that was asked for before.
    """

    subject: str
    email: str | None
    next: str


@dataclass(frozen=True)
class _Metadata:
    issuer: str
    authorize: str
    token: str
    userinfo: str | None
    keys: KeySet
    post_secret: bool
    read_at: float


class OpenIdConnect:
    """One provider, as this installation is registered there; safe to use from several threads."""

    def __init__(self, issuer: str, client_id: str, client_secret: str, key: str) -> None:
        self.issuer = issuer.rstrip("/")
        self._client_id = client_id
        self._client_secret = client_secret
        self._cookies = URLSafeTimedSerializer(key, salt="single sign-on")
        self._known: _Metadata | None = None

    @classmethod
    def of(cls, settings: Settings, key: str) -> OpenIdConnect | None:
        """The provider that the settings name; None when they name none.

        Raises:
            SettingsError: a setting is missing, or the provider would be asked without encryption.
        """
        given = (settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret)
        if not any(given):
            return None
        if settings.oidc_issuer is None or settings.oidc_client_id is None or settings.oidc_client_secret is None:
            raise SettingsError(
                "Single sign-on needs oidc_issuer, oidc_client_id and oidc_client_secret together.",
                "Set all three, or none.",
            )
        address = urlsplit(settings.oidc_issuer)
        if address.scheme != "https" and not (address.scheme == "http" and _is_loopback(address.hostname)):
            raise SettingsError(f"oidc_issuer is {settings.oidc_issuer}; it has to begin with https://.")
        return cls(settings.oidc_issuer, settings.oidc_client_id, settings.oidc_client_secret.get_secret_value(), key)

    @property
    def name(self) -> str:
        """The provider's host, for the button."""
        return urlsplit(self.issuer).netloc

    def begin(self, back: str, next_page: str) -> tuple[str, str]:
        """Where to send the browser, and the cookie by which it is known when it comes back.

        Args:
            back: the address that the provider sends it back to.
            next_page: the page that was asked for.

        Raises:
            ServiceError: the provider doesn't answer.
        """
        metadata = self._metadata()
        verifier, nonce = secrets.token_urlsafe(48), secrets.token_urlsafe(24)
        with self._client(metadata, back) as client:
            address, state = client.create_authorization_url(metadata.authorize, code_verifier=verifier, nonce=nonce)
        return address, self._cookies.dumps({"state": state, "nonce": nonce, "verifier": verifier, "next": next_page})

    def finish(self, cookie: str, arrived: str, back: str) -> Identity:
        """Whom the provider vouches for.

        Args:
            cookie: what `begin` gave.
            arrived: the whole address at which the browser came back.
            back: as for `begin`.

        Raises:
            SingleSignOnError: it came back too late, from elsewhere, or the provider doesn't vouch.
            ServiceError: the provider doesn't answer.
        """
        try:
            asked: dict[str, str] = self._cookies.loads(cookie, max_age=UNDER_WAY_S)
        except BadSignature:
            raise SingleSignOnError("The sign-in took too long or was begun elsewhere.", "Start again.") from None
        denied = dict(parse_qsl(urlsplit(arrived).query)).get("error", "")
        if denied:  # only a code of the specification's form is repeated: anybody can write such an address
            raise SingleSignOnError(
                f"The provider refused: {denied if denied.isidentifier() else 'no reason given'}."
            )
        metadata = self._metadata()
        try:
            with self._client(metadata, back, asked["state"]) as client:
                token = client.fetch_token(
                    metadata.token, authorization_response=arrived, code_verifier=asked["verifier"]
                )
                claims = self._checked(str(token.get("id_token", "")), asked["nonce"])
                if "email" not in claims and metadata.userinfo:
                    claims = _with_user_info(claims, client.get(metadata.userinfo))
        except AuthlibBaseError as error:
            raise SingleSignOnError(f"The provider refused: {error.error}.") from None
        except JoseError as error:
            raise SingleSignOnError(f"What the provider sent isn't valid: {error.error}.") from None
        except (httpx.HTTPError, ValueError) as error:
            raise _silent(self.issuer, error) from None
        verified = claims.get("email_verified") in (True, "true")
        return Identity(
            str(claims["sub"]), str(claims["email"]) if verified and "email" in claims else None, asked["next"]
        )

    def _checked(self, id_token: str, nonce: str) -> Mapping[str, Any]:
        """The claims of an ID token whose signature, issuer, audience, nonce and time hold."""
        metadata = self._metadata()
        try:
            decoded = jwt.decode(id_token, metadata.keys, algorithms=_ALGORITHMS)
        except (JoseError, ValueError):
            metadata = self._metadata(anew=True)  # the provider may have changed its keys
            decoded = jwt.decode(id_token, metadata.keys, algorithms=_ALGORITHMS)
        claims = decoded.claims
        several = isinstance(claims.get("aud"), list) and len(claims["aud"]) > 1
        jwt.JWTClaimsRegistry(
            leeway=_LEEWAY_S,
            sub={"essential": True},
            exp={"essential": True},
            iss={"essential": True, "value": metadata.issuer},
            aud={"essential": True, "value": self._client_id},
            azp={"essential": several, "value": self._client_id},
            nonce={"essential": True, "value": nonce},
        ).validate(claims)
        return claims

    def _client(self, metadata: _Metadata, back: str, state: str | None = None) -> OAuth2Client:
        return OAuth2Client(
            self._client_id,
            self._client_secret,
            token_endpoint_auth_method="client_secret_post" if metadata.post_secret else "client_secret_basic",
            scope="openid email",
            redirect_uri=back,
            state=state,
            code_challenge_method="S256",
            timeout=_TIMEOUT_S,
        )

    def _metadata(self, anew: bool = False) -> _Metadata:
        known = self._known
        if known is None or anew or time.monotonic() - known.read_at > _METADATA_S:
            known = self._known = self._read_metadata()
        return known

    def _read_metadata(self) -> _Metadata:
        try:
            with httpx.Client(timeout=_TIMEOUT_S) as client:
                found = client.get(f"{self.issuer}/.well-known/openid-configuration").raise_for_status().json()
                keys = client.get(found["jwks_uri"]).raise_for_status().json()
            methods = found.get("token_endpoint_auth_methods_supported", ["client_secret_basic"])
            metadata = _Metadata(
                issuer=found["issuer"],
                authorize=found["authorization_endpoint"],
                token=found["token_endpoint"],
                userinfo=found.get("userinfo_endpoint"),
                keys=KeySet.import_key_set(keys),
                post_secret="client_secret_basic" not in methods and "client_secret_post" in methods,
                read_at=time.monotonic(),
            )
        except (httpx.HTTPError, KeyError, TypeError, AttributeError, ValueError, JoseError) as error:
            raise _silent(self.issuer, error) from None
        if metadata.issuer.rstrip("/") != self.issuer:
            raise _silent(self.issuer, ValueError(f"it calls itself {metadata.issuer}"))
        return metadata


def _with_user_info(claims: Mapping[str, Any], response: httpx.Response) -> Mapping[str, Any]:
    """`claims` with the e-mail address that the provider gives only on request."""
    found = response.raise_for_status().json()
    if found.get("sub") != claims["sub"]:
        raise ValueError("it answers about somebody else")
    return {**claims, **{name: found[name] for name in ("email", "email_verified") if name in found}}


def _silent(issuer: str, error: Exception) -> ServiceError:
    return ServiceError(
        f"The single sign-on provider {issuer} doesn't answer as it should: {error}.",
        "Try again later, or sign in with a password.",
    )


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False
