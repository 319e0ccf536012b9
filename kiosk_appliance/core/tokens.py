"""The tokens that a login hands out: JWT, signed with HS256 and nothing else.

The only module that knows PyJWT. A token says which session it is for and how long that lasts;
whether the session has been revoked is not known here.
"""

from dataclasses import dataclass

_ALGORITHM = "HS256"
# So far a clock that was right may be put back.
_DRIFT_S = 120
_CLAIMS = ["sub", "jti", "iat", "exp"]


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says; times are UTC seconds."""

    username: str
    session: str
    issued_at: int
    expires_at: int

    def hold_at(self, now_s: int) -> bool:
        """Say whether the token's time is now.

        One that was made in the future is no good either: the clock has been put right since, and
        nobody knows how long the token would last.
        """
        return self.issued_at - _DRIFT_S <= now_s < self.expires_at


def sign(claims: Claims, key: bytes) -> str:
    """Return the token."""
    import jwt  # noqa: PLC0415 - slow to import; a start need not wait

    payload = {
        "sub": claims.username,
        "jti": claims.session,
        "iat": claims.issued_at,
        "exp": claims.expires_at,
    }
    return jwt.encode(payload, key, algorithm=_ALGORITHM)


def read(token: str, key: bytes) -> Claims | None:
    """Return what a token says, or None where this key has not signed it. Judges no time."""
    import jwt  # noqa: PLC0415 - as above

    try:
        said = jwt.decode(
            token,
            key,
            [_ALGORITHM],
            # PyJWT would compare with the system's clock, which steps on a kiosk.
            options={
                "require": _CLAIMS,
                "verify_exp": False,
                "verify_iat": False,
                "verify_nbf": False,
            },
        )
    except jwt.PyJWTError:
        return None
    match said:
        case {"sub": str(username), "jti": str(session), "iat": int(issued), "exp": int(expires)}:
            return Claims(username, session, issued, expires)
    return None
