"""The pages' files, served with an ETag of their content, which is read once at the start.

They stay in memory but for the large ones, the documentation's: nobody reads those at a kiosk.
"""

import hashlib
import mimetypes
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath

from kiosk_appliance.errors import KioskError, NotFound
from kiosk_appliance.web import photos
from kiosk_appliance.web.queries import AnyRequest

_FOLDERS = ("guest", "admin", "docs", "vendor")
_TYPES = {".js": "text/javascript", ".woff2": "font/woff2", ".svg": "image/svg+xml"}
_LARGE = 128 * 1024
_POLICY = (
    "default-src 'none'; script-src {scripts}; style-src {styles}; img-src 'self' blob: data:; "
    "font-src 'self'; media-src 'self' blob:; connect-src 'self'; manifest-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
# For a page that makes no markup of text: nothing that it is told can become a script.
_TRUSTED_TYPES = "; require-trusted-types-for 'script'; trusted-types 'none'"
_PERMISSIONS = "camera=(self), " + ", ".join(
    f"{feature}=()"
    for feature in ("microphone", "geolocation", "display-capture", "usb", "serial", "payment")
)


class PagesMissing(KioskError):
    """The pages' assets have not been built."""

    code = "pages-missing"
    title = "Page assets missing"


@dataclass(frozen=True, slots=True)
class _File:
    source: Traversable
    kept: bytes | None
    media_type: str
    etag: str

    def content(self) -> bytes:
        return self.source.read_bytes() if self.kept is None else self.kept


class Pages:
    """Files of the pages, by their path under `/static/`."""

    def __init__(self, files: Mapping[str, _File]) -> None:
        self._files = files

    @classmethod
    def read(cls) -> "Pages":
        """Read them all; raises PagesMissing where the vendor files have not been built."""
        root = resources.files(__package__) / "pages"
        files: dict[str, _File] = {}
        for folder in _FOLDERS:
            if not (root / folder).is_dir():
                raise PagesMissing(f"The folder pages/{folder} is missing: run `make setup`.")
            files.update(_read(root / folder, folder))
        return cls(files)

    def without(self, folder: str) -> "Pages":
        """Return all files but those of one page's folder."""
        return Pages(
            {path: file for path, file in self._files.items() if not path.startswith(f"{folder}/")}
        )

    def answer(
        self,
        path: str,
        request: AnyRequest,
        *,
        scripts: str = "'self'",
        styles: str = "'self'",
        takes_no_markup: bool = False,
    ) -> Response[bytes]:
        """Return a file, or 304 where the caller has it; raises NotFound. May read the disk.

        `scripts` and `styles` are where a page's may come from, in the words of its policy; a page
        that `takes_no_markup` can't be made to.
        """
        file = self._files.get(path)
        if file is None:
            raise NotFound("There is nothing at this address.")
        headers = {"ETag": file.etag, "Cache-Control": "no-cache", "Vary": "Accept"}
        if file.media_type.startswith("text/html"):
            policy = _POLICY.format(scripts=scripts, styles=styles) + (
                _TRUSTED_TYPES if takes_no_markup else ""
            )
            headers |= {"Content-Security-Policy": policy, "Permissions-Policy": _PERMISSIONS}
        if photos.matches(request, file.etag):
            return Response(b"", status_code=304, headers=headers)
        return Response(file.content(), media_type=file.media_type, headers=headers)


@get("/static/{path:path}", include_in_schema=False, sync_to_thread=True)
def static(
    request: AnyRequest, path: FromPath[str], pages: NamedDependency[Pages]
) -> Response[bytes]:
    """Hand out one of the pages' files."""
    return pages.answer(path.lstrip("/"), request)


def _read(folder: Traversable, prefix: str) -> Iterator[tuple[str, _File]]:
    for entry in folder.iterdir():
        path = f"{prefix}/{entry.name}"
        if entry.is_dir():
            yield from _read(entry, path)
        else:
            yield path, _file(entry)


def _file(source: Traversable) -> _File:
    name, data = source.name, source.read_bytes()
    suffix = name[name.rfind(".") :]
    media_type = _TYPES.get(suffix) or mimetypes.guess_type(name)[0] or "application/octet-stream"
    etag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    return _File(source, data if len(data) < _LARGE else None, media_type, etag)
