"""Reading kiosk.toml: found in order, read in one go, every mistake reported together."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kiosk_appliance.errors import SettingsInvalid
from kiosk_appliance.settings.checks import clashes, notes, pending
from kiosk_appliance.settings.declarations import DECLARATIONS, TABLES, Settings
from kiosk_appliance.settings.declaring import Declaration, TableDeclaration, absolute
from kiosk_appliance.settings.kinds import FilePath, Wrong, nearest
from kiosk_appliance.settings.locator import Route, locate
from kiosk_appliance.settings.mistakes import Mistake, MistakesFound, Sheet, covered_line
from kiosk_appliance.settings.names import meant_by, names_in
from kiosk_appliance.settings.syntax import Parsed, parse
from kiosk_appliance.settings.vault import Credentials, exposed, from_file

SYSTEM_FILE = Path("/etc/kiosk-appliance/kiosk.toml")
DEFAULT = "default"
FILE = "kiosk.toml"
CREDENTIAL = "credential"


@dataclass(frozen=True, slots=True)
class Loaded:
    """Settings, the file they come from (None: embedded defaults), and each key's origin.

    An origin is `default`, `kiosk.toml` or `credential`; `notes` are sentences for a technician,
    `pending` those about keys that do nothing yet. `content` is what was read, byte for byte, and
    `in_place_of` says why an earlier one had to be.
    """

    settings: Settings
    source: Path | None
    origins: dict[str, str]
    notes: list[str]
    pending: list[str] = field(default_factory=list)
    content: bytes = field(default=b"", repr=False)
    in_place_of: SettingsInvalid | None = None


def load(path: Path | None, environ: Mapping[str, str]) -> Loaded:
    """Return the settings from `path` (`--config`) or wherever they are looked for.

    Raises MistakesFound (a SettingsInvalid) with every mistake of the file at once.
    """
    source = find(path, environ)
    return read(source, source, environ)


def read(file: Path | None, source: Path | None, environ: Mapping[str, str]) -> Loaded:
    """Return the settings of a file (None: embedded defaults) that lies, or lay, at `source`.

    Relative paths count from there. Raises MistakesFound.
    """
    content = b"" if file is None else _content_of(file)
    text = "" if file is None else _decoded(file, content)
    parsed = parse(text)
    sheet = Sheet("" if file is None else str(file), parsed.text, locate(parsed.text))
    folder = Path.cwd() if source is None else source.absolute().parent
    reader = _Reader(sheet, folder, Credentials.of(environ), lost=parsed.lost)
    reader.mistakes += _breaks(sheet.file, text, parsed)
    settings = reader.settings(parsed.document)
    if reader.mistakes:
        raise MistakesFound(reader.mistakes)
    if file is not None and reader.written_out:
        note = exposed(file, file.stat().st_mode, ", ".join(reader.written_out))
        reader.notes += [note] if note else []
    reader.notes += notes(settings)
    given = [key for key, origin in reader.origins.items() if origin != DEFAULT]
    return Loaded(
        settings, source, reader.origins, reader.notes, list(pending(given)), content=content
    )


def find(path: Path | None, environ: Mapping[str, str]) -> Path | None:
    """Return where kiosk.toml is to be; None where nobody names it and there is none."""
    if path is None and environ.get("KIOSK_CONFIG"):
        path = Path(environ["KIOSK_CONFIG"])
    if path is not None:
        return path
    return next((one for one in (Path("kiosk.toml"), SYSTEM_FILE) if one.exists()), None)


def text_of(path: Path) -> str:
    """Return a file's text, without the mark and the line ends that Windows adds.

    Raises MistakesFound where it is none.
    """
    return _decoded(path, _content_of(path))


def _content_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        problem = "there is no such file"
    except IsADirectoryError:
        problem = "this is a folder, not a file"
    except OSError as error:
        problem = f"the file can't be read: {error.strerror}"
    raise _unreadable(path, problem)


def _decoded(path: Path, content: bytes) -> str:
    try:
        return content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        problem = f"the text is not UTF-8 (line {line}): save it as UTF-8 in the editor"
    raise _unreadable(path, problem)


def _unreadable(path: Path, problem: str) -> MistakesFound:
    return MistakesFound([Mistake(str(path), 0, 0, "", "", problem)])


def _breaks(file: str, text: str, parsed: Parsed) -> Iterator[Mistake]:
    lines = text.split("\n")
    for one in parsed.breaks:
        line = covered_line(lines[one.line - 1])
        hint = one.suggestion if line == lines[one.line - 1] else ""
        yield Mistake(
            file, one.line, one.column, "", line, one.problem, suggestion=hint, width=one.width
        )


@dataclass(slots=True)
class _Reader:
    """One pass over a document; gathers values, mistakes, origins and notes.

    `lost` names keys that stood in broken statements, `written_out` secrets in kiosk.toml itself.
    """

    sheet: Sheet
    folder: Path
    credentials: Credentials
    lost: set[str]
    values: dict[str, object] = field(default_factory=dict)
    failed: set[str] = field(default_factory=set)
    mistakes: list[Mistake] = field(default_factory=list)
    origins: dict[str, str] = field(default_factory=lambda: dict.fromkeys(DECLARATIONS, DEFAULT))
    notes: list[str] = field(default_factory=list)
    written_out: list[str] = field(default_factory=list)

    def settings(self, document: dict[str, object]) -> Settings:
        """Return the settings, to be used only if no mistake was found."""
        for name, content in document.items():
            table = TABLES.get(name)
            if table is None:
                self._unknown_table(name, content)
            elif isinstance(content, dict):
                self._table(table, content)
            else:
                self._no_table(name, content)
        self._credentials()
        settings = self._built()
        self._clashes(settings)
        return settings

    def _unknown_table(self, name: str, content: object) -> None:
        meant = nearest(name, list(TABLES))
        if isinstance(content, dict | list):
            hint = f"did you mean [{meant}]?" if meant else ""
            known = ", ".join(f"[{one}]" for one in TABLES)
            mistake = self.sheet.at_key((name,), "unknown table", allowed=known, suggestion=hint)
        else:
            mistake = self.sheet.at_key(
                (name,), "unknown key, and it stands in no table", suggestion=meant_by(name, None)
            )
        self.mistakes.append(mistake)

    def _no_table(self, name: str, content: object) -> None:
        twice = isinstance(content, list)
        problem = "this table can be there only once" if twice else "this is a table, not a key"
        hint = f"write [{name}] and the keys below it"
        self.mistakes.append(self.sheet.at_key((name,), problem, suggestion=hint))

    def _table(self, table: TableDeclaration, content: dict[str, object]) -> None:
        known = dict(names_in(table))
        for name, raw in content.items():
            route: Route = (table.name, name)
            declaration = known.get(name)
            if declaration is None:
                self._unknown_key(table, route, name)
            elif name != declaration.name and declaration.name in content:
                problem = f"{declaration.name} is given too, and only one of the two can hold"
                self._fail(declaration, self.sheet.at_key(route, problem))
            else:
                self._value(declaration, route, raw)

    def _unknown_key(self, table: TableDeclaration, route: Route, name: str) -> None:
        secret = next((one for one in table.keys if one.name == name), None)
        if secret is not None:
            self.failed.add(secret.key)
            problem = "this secret does not stand in kiosk.toml itself"
            hint = f'put it into a file and write {name}_file = "its path"'
        else:
            problem, hint = "unknown key", meant_by(name, table)
        self.mistakes.append(self.sheet.at_key(route, problem, suggestion=hint))

    def _value(self, declaration: Declaration, route: Route, raw: object) -> None:
        as_file = route[-1] != declaration.name
        try:
            if as_file:
                value = self._secret_of(declaration, self.folder / FilePath().read(raw))
            else:
                value = absolute(declaration.terms.kind.read(raw), self.folder)
        except Wrong as wrong:
            spot = route if wrong.index is None else (*route, wrong.index)
            allowed = "the path of a file with nothing but the secret in it"
            mistake = self.sheet.at_value(
                spot, wrong.problem,
                allowed=allowed if as_file else declaration.allowed,
                suggestion=wrong.suggestion, hidden=wrong.hidden,
            )  # fmt: skip
            self._fail(declaration, mistake)
        else:
            self.values[declaration.key] = value
            self.origins[declaration.key] = FILE
            if declaration.secret and not as_file:
                self.written_out.append(declaration.key)

    def _secret_of(self, declaration: Declaration, path: Path) -> object:
        secret, note = from_file(declaration, path)
        self.notes += [note] if note else []
        return secret

    def _fail(self, declaration: Declaration, mistake: Mistake) -> None:
        self.failed.add(declaration.key)
        self.mistakes.append(mistake)

    def _credentials(self) -> None:
        """Take the credentials of secrets that the file does not give."""
        wanted = [
            one
            for one in DECLARATIONS.values()
            if one.secret and one.key not in self.values and one.key not in self.failed
        ]
        # A name that several tables share goes first to the one that can't do without it.
        swift = self.values.get("storage.channel") == "swift"
        wanted.sort(key=lambda one: one.table == "storage", reverse=swift)
        for declaration in wanted:
            path = self.credentials.find(declaration)
            if path is None:
                continue
            try:
                self.values[declaration.key], _ = from_file(declaration, path)
                self.origins[declaration.key] = CREDENTIAL
            except Wrong as wrong:
                self._fail(
                    declaration, Mistake(str(path), 0, 0, declaration.key, "", wrong.problem)
                )
        known = [one.key for one in DECLARATIONS.values() if one.secret]
        self.notes += self.credentials.unused(known)

    def _built(self) -> Settings:
        tables = {}
        for table in TABLES.values():
            values = {
                one.name: self.values.get(one.key, absolute(one.terms.default, self.folder))
                for one in table.keys
            }
            tables[table.name] = table.kind(**values)
        return Settings(**tables)

    def _clashes(self, settings: Settings) -> None:
        for clash in clashes(settings):
            declaration = DECLARATIONS[clash.key]
            name = declaration.name
            if declaration.key in self.failed or {name, f"{name}_file"} & self.lost:
                continue
            twin = f", or {name}_file with a path" if declaration.secret else ""
            route = next((one for one in clash.shown_at if one in self.sheet.spots), ())
            place = self.sheet.at_key(route, clash.problem, allowed=f"{declaration.allowed}{twin}")
            self.mistakes.append(replace(place, key=clash.key))
