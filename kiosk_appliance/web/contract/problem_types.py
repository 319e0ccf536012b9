"""Every `type` that a problem can bear, as the API's documentation lists it.

A problem is refused a place in the documentation of a path unless it stands here.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ProblemType:
    """One code with its status, and what it means to a client."""

    code: str
    status: int
    words: str


_TYPES = (
    ProblemType("invalid-request", 400, "The body is not what its content type says."),
    ProblemType(
        "invalid-request", 422, "A field is wrong, missing or unknown; `errors` names each."
    ),
    ProblemType("unauthenticated", 401, "A token, an API key or the log-in's cookie is needed."),
    ProblemType("forbidden", 403, "Whoever asks may not do this."),
    ProblemType("origin-refused", 403, "A page of another web site asked for a change."),
    ProblemType("not-found", 404, "There is no such thing at this address."),
    ProblemType("method-not-allowed", 405, "`Allow` names what the address takes."),
    ProblemType("request-timeout", 408, "The body did not arrive in time; send it again."),
    ProblemType("delivery-ended", 409, "The delivery has ended; nothing is left to do."),
    ProblemType("delivery-running", 409, "The delivery is being made just now; try again."),
    ProblemType("erasure-owed", 409, "An erasure is owed to somebody and can't be cancelled."),
    ProblemType("gone", 410, "The photo has been erased."),
    ProblemType("photo-too-large", 413, "The photo has more bytes than `[photo] max_size`."),
    ProblemType("body-too-large", 413, "The body is larger than the path takes."),
    ProblemType("unsupported-media-type", 415, "The path does not take this content type."),
    ProblemType("range-not-satisfiable", 416, "The range lies outside the photo."),
    ProblemType("host-unknown", 421, "The kiosk does not answer to that host name."),
    ProblemType("photo-unreadable", 422, "No picture of an allowed format, or a damaged one."),
    ProblemType("photo-too-many-pixels", 422, "More pixels than `[photo] max_pixels`."),
    ProblemType("background-unknown", 422, "Choose one of `GET /api/backgrounds`."),
    ProblemType("phone-invalid", 422, "No number that can get an SMS; `errors` says why."),
    ProblemType("email-invalid", 422, "No e-mail address."),
    ProblemType("idempotency-key-reused", 422, "The key was used for another capture."),
    ProblemType("rate-limited", 429, "Too many requests; wait as `Retry-After` says."),
    ProblemType("sms-limit", 429, "The number, the photo or the kiosk has had its SMS."),
    ProblemType("head-too-large", 431, "The request's headers are larger than 64 kB."),
    ProblemType("internal-error", 500, "A fault of the kiosk; it has been logged."),
    ProblemType("overloaded", 503, "Too much at once; wait as `Retry-After` says."),
    ProblemType("storage-failed", 503, "The disk answers with errors; somebody has to look."),
    ProblemType("insufficient-storage", 507, "The disk is full."),
)


def named(code: str) -> list[ProblemType]:
    """Return every line of a code; raises LookupError for one that is not listed."""
    found = [one for one in _TYPES if one.code == code]
    if not found:
        raise LookupError(f"{code} is not in the list of problem types")
    return found


def listed() -> str:
    """Return all of them as a table in Markdown."""
    lines = [f"| `{one.code}` | {one.status} | {one.words} |" for one in _TYPES]
    return "\n".join(["| type | status | what it means |", "|---|---|---|", *lines])
