"""The tokens that registry signs for its own users, and the public key that everybody checks them with."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from joserfc import jwt
from joserfc.jwk import ECKey, KeySet

from registry.users.domain import User

ALGORITHM = "ES256"


@dataclass(frozen=True, slots=True)
class Issuer:
    """Who signs, for which services, and for how long."""

    key: ECKey
    issuer: str
    audiences: tuple[str, ...]
    lifetime: timedelta

    @classmethod
    def of_pem(cls, pem: str, issuer: str, audiences: tuple[str, ...], lifetime: timedelta) -> "Issuer":
        """Raises ValueError for a key that is not one of P-256."""
        key = ECKey.import_key(pem, {"use": "sig", "alg": ALGORITHM})
        if key.curve_name != "P-256" or not key.is_private:
            raise ValueError("the signing key is a private key of P-256")
        key.ensure_kid()
        return cls(key, issuer, audiences, lifetime)

    def token(self, user: User, now: datetime) -> str:
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": user.id,
            "aud": list(self.audiences),
            "iat": int(now.timestamp()),
            "exp": int((now + self.lifetime).timestamp()),
            "role": user.role.value,
        }
        if user.county:
            claims["county"] = user.county
        if user.organisations:
            claims["organisations"] = list(user.organisations)
        if user.person:
            claims["person"] = user.person
        return jwt.encode({"alg": ALGORITHM, "kid": self.key.kid}, claims, self.key)

    def public_keys(self) -> KeySet:
        return KeySet([ECKey.import_key(self.key.as_dict(private=False))])
