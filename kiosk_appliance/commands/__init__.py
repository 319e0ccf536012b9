"""The command line: `kiosk-appliance serve | check | background | outbox | admin`."""

import argparse
import errno
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from kiosk_appliance import __version__
from kiosk_appliance.channels import links_of
from kiosk_appliance.commands import admin, background, outbox, serving
from kiosk_appliance.commands.line import command
from kiosk_appliance.core.sample import describe
from kiosk_appliance.errors import KioskError, SettingsInvalid
from kiosk_appliance.settings import Loaded, load
from kiosk_appliance.settings.last_good import load_last_good
from kiosk_appliance.settings.summary import summary
from kiosk_appliance.store.directory import Layout

# What the system's own words leave open.
_REASONS = {
    errno.EACCES: "this user has no right to it (permission denied)",
    errno.EPERM: "this user has no right to it (operation not permitted)",
    errno.EROFS: "it lies on a disk that can only be read",
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "this user's share of the disk is full",
    errno.EEXIST: "a file stands where a folder is needed",
    errno.ENOTDIR: "a file stands where a folder is needed",
    errno.EISDIR: "a folder stands where a file is needed",
    errno.ENOENT: "it does not exist",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; errors are one sentence on standard error."""
    options = _parser().parse_args(arguments)
    try:
        loaded = _loaded(options)
        for line in _degraded(loaded):
            print(line, file=sys.stderr)
        code: int = options.command(loaded, options)
    except KioskError as error:
        print(error.detail, file=sys.stderr)
        return 1
    except OSError as error:
        print(_sentence(error), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return code


def _loaded(options: argparse.Namespace) -> Loaded:
    try:
        return load(options.config, os.environ)
    except SettingsInvalid as error:
        if options.strict:
            raise
        return load_last_good(options.config, os.environ, error)


def _degraded(loaded: Loaded) -> Iterator[str]:
    if loaded.in_place_of is not None:
        kept = Layout(loaded.settings.kiosk.data_dir).last_good
        yield f"{loaded.in_place_of.detail}\n\nIn force instead: the last good copy, {kept}.\n"


def _sentence(error: OSError) -> str:
    reason = _REASONS.get(error.errno or 0, error.strerror or str(error) or type(error).__name__)
    if error.filename is None:
        return f"kiosk-appliance can't go on: {reason}."
    return f"{os.fsdecode(error.filename)} can't be used: {reason}."


def _check(loaded: Loaded, _options: argparse.Namespace) -> int:
    settings = loaded.settings
    print(summary(loaded))
    for line in describe(links_of(settings), settings.sms.text):
        print(line)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kiosk-appliance", description="The software inside a selfie kiosk."
    )
    parser.add_argument("--version", action="version", version=__version__)
    parser.add_argument("--config", type=Path, metavar="FILE", help="kiosk.toml to use")
    # A command that asks a kiosk has to find it where it runs, whatever its file says by now.
    parser.set_defaults(strict=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    serving.declare(commands)
    check = command(
        commands, "check", _check, "Say what is wrong in kiosk.toml, or what is in force."
    )
    check.set_defaults(strict=True)
    for one in (background, outbox, admin):
        one.declare(commands)
    return parser
