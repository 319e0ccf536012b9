"""Makes the OpenAPI document (3.1) of one listener from its handlers.

Whatever is registered appears, so that a listener of its own shows its own paths and no others.
Knows no path by name but the admin's prefix.
"""

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Any, get_args, get_type_hints

import msgspec
from litestar.handlers import HTTPRouteHandler
from litestar.routes import BaseRoute, HTTPRoute

from kiosk_appliance import __version__
from kiosk_appliance.web import problems
from kiosk_appliance.web.admin.access import COOKIE, FOR_STRANGERS
from kiosk_appliance.web.contract import problem_types
from kiosk_appliance.web.contract.description import (
    Answer,
    Content,
    Description,
    Parameter,
    Schema,
    Shape,
    description_of,
)
from kiosk_appliance.web.contract.problem_types import ProblemType
from kiosk_appliance.web.problems import Problem

_ADMIN = "/admin"
_REF = "#/components/schemas/{name}"
_SAFE = frozenset({"GET", "HEAD"})
# What any path can answer, whatever it does.
_ALWAYS = (
    "host-unknown", "rate-limited", "head-too-large", "internal-error", "overloaded",
    "storage-failed",
)  # fmt: skip
_CORRELATION = {
    "X-Correlation-ID": {
        "description": "Names the request in the kiosk's log.",
        "schema": {"type": "string"},
    }
}
_SECURITY = {
    "bearer": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "key": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
    "cookie": {"type": "apiKey", "in": "cookie", "name": COOKIE},
}
_WORDS = """
What a kiosk answers to its guest page, to a guest's phone, and to programs.

Times are RFC 3339 in UTC. An error is `application/problem+json` (RFC 9457), and its `type` is one
of these:

"""


def document(routes: Iterable[BaseRoute]) -> Schema:
    """Return the document for these routes."""
    shapes = _Shapes()
    paths: dict[str, dict[str, Schema]] = {}
    for template, method, handler in _handlers(routes):
        operation = _Operation(template, method, handler, shapes).described()
        paths.setdefault(template, {})[method.lower()] = operation
    has_admin = any(path.startswith(_ADMIN) for path in paths)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Kiosk appliance",
            "version": __version__,
            "description": _WORDS.strip() + "\n\n" + problem_types.listed(),
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "servers": [{"url": "/"}],
        "paths": dict(sorted(paths.items())),
        "components": {
            "schemas": shapes.components,
            **({"securitySchemes": _SECURITY} if has_admin else {}),
        },
    }


def _handlers(routes: Iterable[BaseRoute]) -> Iterator[tuple[str, str, HTTPRouteHandler]]:
    for route in routes:
        if not isinstance(route, HTTPRoute):
            continue
        for handler in route.route_handlers:
            if handler.include_in_schema is False:
                continue
            for method in sorted(handler.http_methods - {"OPTIONS", "HEAD"}):
                yield re.sub(r":\w+\}", "}", route.path), str(method), handler


class _Shapes:
    """Schemas of types, also of those within a schema; named ones become components."""

    def __init__(self) -> None:
        self.components: dict[str, Schema] = {}

    def of(self, shape: Shape) -> Any:
        if isinstance(shape, dict):
            return {name: self.of(value) for name, value in shape.items()}
        if isinstance(shape, list):
            return [self.of(one) for one in shape]
        if isinstance(shape, str | int | float):
            return shape
        (schema,), components = msgspec.json.schema_components([shape], ref_template=_REF)
        self.components |= components
        return schema


class _Operation:
    """One method of one path."""

    def __init__(
        self, template: str, method: str, handler: HTTPRouteHandler, shapes: _Shapes
    ) -> None:
        self._template = template
        self._method = method
        self._handler = handler
        self._shapes = shapes
        self._told: Description = description_of(handler.opt)

    def described(self) -> Schema:
        words = inspect.cleandoc(self._handler.fn.__doc__ or "")
        summary, _, more = words.partition("\n\n")
        found: Schema = {
            "operationId": f"{self._method.lower()}_{self._handler.fn.__name__}",
            "summary": " ".join(summary.split()).rstrip("."),
            "tags": [self._told.tag or self._tag],
            "parameters": [*self._path_parameters(), *map(_parameter, self._told.parameters)],
            "responses": {str(status): one for status, one in sorted(self._responses().items())},
        }
        if more:
            found["description"] = more
        if self._told.body:
            found["requestBody"] = {"required": True, "content": self._contents(self._told.body)}
        if self._is_guarded:
            found["security"] = [{name: []} for name in _SECURITY]
        return found

    @property
    def _tag(self) -> str:
        return "Admin" if self._template.startswith(_ADMIN) else "Public"

    @property
    def _is_guarded(self) -> bool:
        return self._template.startswith(_ADMIN) and not self._handler.opt.get(FOR_STRANGERS)

    def _path_parameters(self) -> Iterator[Schema]:
        for name in re.findall(r"\{(\w+)\}", self._template):
            yield {"name": name, "in": "path", "required": True, "schema": {"type": "string"}}

    def _responses(self) -> dict[int, Schema]:
        answers = self._told.answers or {self._handler.status_code: self._derived()}
        found = {status: self._answer(answer) for status, answer in answers.items()}
        for status, kinds in _by_status(self._problems()).items():
            problem = self._problem(kinds)
            if status in found:
                found[status]["content"] = found[status].get("content", {}) | problem["content"]
            else:
                found[status] = problem
        return found

    def _derived(self) -> Answer:
        returned = get_type_hints(self._handler.fn).get("return")
        inner = get_args(returned)[0] if _is_response(returned) else returned
        if inner in {None, type(None), Any, bytes}:
            return Answer("Done.")
        return Answer("Done.", (Content(inner),))

    def _answer(self, answer: Answer) -> Schema:
        headers = {
            name: {"description": words, "schema": {"type": "string"}}
            for name, words in answer.headers.items()
        }
        found: Schema = {"description": answer.words, "headers": headers | _CORRELATION}
        if answer.contents:
            found["content"] = self._contents(answer.contents)
        return found

    def _contents(self, contents: Iterable[Content]) -> Schema:
        found: Schema = {}
        for content in contents:
            found[content.media_type] = {"schema": self._shapes.of(content.shape)}
            if content.example is not None:
                found[content.media_type]["example"] = msgspec.to_builtins(content.example)
        return found

    def _problems(self) -> Iterator[ProblemType]:
        codes = [*self._told.problems, *_ALWAYS]
        if self._method not in _SAFE:
            codes.append("origin-refused")
        if self._told.body:
            codes += ["unsupported-media-type", "body-too-large", "request-timeout"]
        if self._is_guarded:
            codes += ["unauthenticated", "forbidden"]
        for code in dict.fromkeys(codes):
            yield from problem_types.named(code)
        strict = not self._told.takes_any_query
        for kind in problem_types.named("invalid-request"):
            if strict or kind.status != HTTPStatus.UNPROCESSABLE_ENTITY:
                yield kind

    def _problem(self, kinds: list[ProblemType]) -> Schema:
        reference = self._shapes.of(Problem)
        codes = {"properties": {"type": {"enum": sorted({kind.code for kind in kinds})}}}
        found: Schema = {
            "description": " ".join(f"`{kind.code}`: {kind.words}" for kind in kinds),
            "headers": _CORRELATION | _headers_of(kinds),
            "content": {
                problems.MEDIA_TYPE: {
                    "schema": {"allOf": [reference, codes]},
                    "example": msgspec.to_builtins(_example(kinds[0])),
                }
            },
        }
        return found


def _by_status(kinds: Iterable[ProblemType]) -> Mapping[int, list[ProblemType]]:
    found: dict[int, list[ProblemType]] = {}
    for kind in kinds:
        found.setdefault(kind.status, []).append(kind)
    return found


def _headers_of(kinds: list[ProblemType]) -> Schema:
    if kinds[0].status == HTTPStatus.UNAUTHORIZED:
        return {"WWW-Authenticate": {"schema": {"type": "string"}}}
    if kinds[0].status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
        return {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer"}}}
    return {}


def _example(kind: ProblemType) -> Problem:
    title = HTTPStatus(kind.status).phrase
    words = kind.words.replace("`", "")
    return Problem(kind.code, title, kind.status, words, [], "V1StGXR8Z5jdHi6BmyTkq")


def _parameter(one: Parameter) -> Schema:
    return {
        "name": one.name,
        "in": one.place,
        "description": one.words,
        "required": one.required,
        "schema": one.schema,
    }


def _is_response(annotation: Any) -> bool:
    return getattr(getattr(annotation, "__origin__", None), "__name__", "") == "Response"
