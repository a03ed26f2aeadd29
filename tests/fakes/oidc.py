"""An issuer of OpenID Connect: it answers what it says of itself, and gives tokens for its codes."""

import base64
import hashlib
import json
import re
from functools import cache
from urllib.parse import parse_qs, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from jwt.algorithms import ECAlgorithm

from fakes.entra import key_set, private_key

CLIENT, SECRET = "trainboard-client", "a-client-secret"


@cache
def curve_key():
    """The key of the issuer for ES256; it is called `curve`."""
    return ec.generate_private_key(ec.SECP256R1())


class FakeIssuer:
    """Signs people in who exist. `claims` are put over those of the next token; None leaves one out."""

    def __init__(self, url="https://issuer.example", *, clock):
        self.url = url
        self.clock = clock
        self.claims = {}
        self.header = {}
        self.key, self.algorithm = "key-1", "RS256"
        self.known_keys = ("key-1",)
        self.metadata = {}
        self.is_down = False
        self.keeps_silent = False
        self.refuses_code = False
        self._codes = {}
        self.asked = []

    def install(self, mock):
        """Answer in place of the network."""
        for method, path in (
            ("GET", "/.well-known/openid-configuration"),
            ("GET", "/keys"),
            ("POST", "/token"),
        ):
            mock.add_callback(method, f"{self.url}{path}", callback=self.answer)

    def agree(self, address):
        """Somebody signs in at the address; the code and the state that the browser brings back."""
        parts = urlsplit(address)
        assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{self.url}/authorize"
        asked = {name: values[0] for name, values in parse_qs(parts.query).items()}
        assert ("code", CLIENT, "S256") == (
            asked["response_type"],
            asked["client_id"],
            asked["code_challenge_method"],
        )
        assert "openid" in asked["scope"].split()
        code = f"code-{len(self._codes)}"
        self._codes[code] = asked
        return code, asked["state"]

    def answer(self, request):
        """As a callback of `responses`: status, headers and body."""
        self.asked.append(request)
        if self.is_down:
            return 503, {}, "down"
        path = urlsplit(request.url).path
        if path == "/token":
            return self._give(parse_qs(request.body), request.headers)
        told = self._list_keys() if path == "/keys" else json.dumps(self._describe())
        return 200, {"Content-Type": "application/json"}, told

    def _list_keys(self):
        keys = json.loads(key_set(*self.known_keys))["keys"]
        curve = ECAlgorithm.to_jwk(curve_key().public_key(), as_dict=True) | {"kid": "curve", "use": "sig"}
        return json.dumps({"keys": [*keys, curve]})

    def _describe(self):
        return {
            "issuer": self.url,
            "authorization_endpoint": f"{self.url}/authorize",
            "token_endpoint": f"{self.url}/token",
            "jwks_uri": f"{self.url}/keys",
            **self.metadata,
        }

    def _give(self, form, headers):
        basic = base64.b64encode(f"{CLIENT}:{SECRET}".encode()).decode()
        assert f"Basic {basic}" == headers["Authorization"]
        asked = self._codes.pop(form["code"][0], None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(form["code_verifier"][0].encode()).digest())
        if self.refuses_code or asked is None or asked["redirect_uri"] != form["redirect_uri"][0]:
            return 400, {"Content-Type": "application/json"}, json.dumps({"error": "invalid_grant"})
        assert challenge.rstrip(b"=").decode() == asked["code_challenge"]
        token = {"access_token": "at", "token_type": "Bearer"}
        if not self.keeps_silent:
            token["id_token"] = self.sign(asked["nonce"])
        return 200, {"Content-Type": "application/json"}, json.dumps(token)

    def sign(self, nonce):
        """An ID token."""
        now = int(self.clock().timestamp())
        claims = {
            "iss": self.url,
            "aud": CLIENT,
            "sub": "ada-1",
            "preferred_username": "ada@acme.example",
            "iat": now,
            "exp": now + 600,
            "nonce": nonce,
            **self.claims,
        }
        told = {name: value for name, value in claims.items() if value is not None}
        keys = {"RS256": private_key(self.key), "ES256": curve_key(), "none": None}
        key = keys.get(self.algorithm, "k" * 64)
        header = {"kid": self.key, "typ": "JWT", **self.header}
        return jwt.api_jws.PyJWS().encode(json.dumps(told).encode(), key, self.algorithm, headers=header)


class FakeGitHubSignIn:
    """The part of GitHub by which people sign in: its pages for OAuth, and who they are and belong to."""

    WEB, API = "https://github.com", "https://api.github.com"

    def __init__(self):
        self.user = {"id": 583231, "login": "octocat"}
        self.organizations = {"acme": "active"}
        self.teams = {}
        self.forbidden = set()
        self.is_down = False
        self.refuses_code = False

    def install(self, mock):
        """Answer in place of the network."""
        mock.add_callback("POST", f"{self.WEB}/login/oauth/access_token", callback=self._give)
        mock.add_callback("GET", re.compile(rf"{self.API}/.*"), callback=self._tell)

    def agree(self, address):
        """Somebody signs in at the address; the code and the state that the browser brings back."""
        parts = urlsplit(address)
        assert f"{self.WEB}/login/oauth/authorize" == f"{parts.scheme}://{parts.netloc}{parts.path}"
        asked = parse_qs(parts.query)
        assert asked["code_challenge_method"] == ["S256"]
        return "code-0", asked["state"][0]

    def _give(self, request):
        if self.is_down:
            return 502, {}, "<html>unicorn"
        form = parse_qs(request.body)
        assert [CLIENT, SECRET] == [form["client_id"][0], form["client_secret"][0]]
        told = {"access_token": "gho_1", "token_type": "bearer", "scope": "read:org"}
        if self.refuses_code:
            told = {"error": "bad_verification_code", "error_description": "The code has expired."}
        return 200, {"Content-Type": "application/json"}, json.dumps(told)

    def _tell(self, request):
        assert "Bearer gho_1" == request.headers["Authorization"]
        path = urlsplit(request.url).path
        if path in self.forbidden:
            return 403, {}, "{}"
        if path == "/user":
            return 200, {}, json.dumps(self.user)
        organization, _, rest = path.removeprefix("/orgs/").partition("/teams/")
        team = f"{organization}/{rest.partition('/')[0]}"
        state = self.organizations.get(path.rpartition("/")[2]) if path.startswith("/user/") else None
        state = state or self.teams.get(team)
        return (200, {}, json.dumps({"state": state})) if state else (404, {}, "{}")
