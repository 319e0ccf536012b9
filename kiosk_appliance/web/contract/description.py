"""What a handler tells the API's documentation of itself, beside what its signature says.

Given as `opt=described(...)`. A handler without it appears all the same: with its path, its
docstring, and the type that it returns.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Schema = dict[str, Any]
# A type whose schema is derived, or the schema itself.
Shape = Any

JSON = "application/json"
BINARY: Schema = {"type": "string", "format": "binary"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """One query field or header."""

    name: str
    words: str
    schema: Schema = field(default_factory=lambda: {"type": "string"})
    place: str = "query"
    required: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A body in one media type."""

    shape: Shape
    media_type: str = JSON
    example: Any = None


@dataclass(frozen=True, slots=True)
class Answer:
    """What one status means; headers by name, with what they say."""

    words: str
    contents: Sequence[Content] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Description:
    """All that is told."""

    parameters: Sequence[Parameter] = ()
    body: Sequence[Content] = ()
    answers: Mapping[int, Answer] = field(default_factory=dict)
    problems: Sequence[str] = ()
    tag: str = ""
    takes_any_query: bool = False


def described(
    *,
    parameters: Sequence[Parameter] = (),
    body: Sequence[Content] = (),
    answers: Mapping[int, Answer] | None = None,
    problems: Sequence[str] = (),
    tag: str = "",
    takes_any_query: bool = False,
) -> dict[str, Any]:
    """Return the `opt` of a handler.

    `problems` are codes of its own; what every path can answer is added. `takes_any_query` is a
    path that ignores unknown query fields.
    """
    return {
        "description": Description(parameters, body, answers or {}, problems, tag, takes_any_query)
    }


def description_of(opt: Mapping[str, Any]) -> Description:
    """Return what a handler's `opt` tells."""
    found = opt.get("description")
    return found if isinstance(found, Description) else Description()
