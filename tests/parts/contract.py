"""What `/openapi.json` says of an answer, and whether that holds."""

import re
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from kiosk_appliance.web.contract import problem_types
from tests.parts.guests import problem

Document = dict[str, Any]


def fits(document: Document, answer: httpx.Response) -> None:
    """Fail unless the document knows the answer's status, media type, headers and fields.

    A problem must also be whole, and of a type that is listed for its status.
    """
    path = answer.request.url.path
    template = template_of(document, path)
    operation = document["paths"][template][answer.request.method.lower()]
    known = operation["responses"].get(str(answer.status_code))
    assert known is not None, f"{answer.status_code} of {template} is in no document"
    if not answer.content:
        assert "content" not in known
        return
    schema = known["content"][answer.headers["content-type"]]["schema"]
    if "json" in answer.headers["content-type"]:
        validator(document, schema).validate(answer.json())
    if answer.status_code >= 400:
        code = answer.json()["type"]
        problem(answer, answer.status_code, code)
        assert answer.status_code in {one.status for one in problem_types.named(code)}


def template_of(document: Document, path: str) -> str:
    """Return the path as the document has it, with names where an address has values."""
    plain = path.partition("?")[0]
    for template in sorted(document["paths"], key=lambda one: one.count("{")):
        if re.fullmatch(re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template)), plain):
            return str(template)
    raise AssertionError(f"{path} is in no document")


def validator(document: Document, schema: Document) -> Draft202012Validator:
    """Return what checks values by a schema of the document."""
    return Draft202012Validator(schema | {"components": document["components"]})


def examples_fit(document: Document) -> None:
    """Fail unless every body that a person can read has an example, and each fits its schema."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
            for kind, content in [
                pair for one in bodies for pair in one.get("content", {}).items()
            ]:
                if "example" in content:
                    validator(document, content["schema"]).validate(content["example"])
                else:
                    is_file = content["schema"].get("format") == "binary" or "html" in kind
                    assert is_file or path == "/openapi.json", f"{method} {path} {kind}"
