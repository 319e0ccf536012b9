"""Serve the stand-in until Ctrl-C: `python -m tests.parts.ovh [--port N] [--ledger FILE]`."""

import argparse
import json
import signal
from dataclasses import asdict
from pathlib import Path
from threading import Event

from tests.parts.ovh.account import Sms
from tests.parts.ovh.stand_in import OvhStandIn


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m tests.parts.ovh", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0: any free port")
    parser.add_argument(
        "--ledger", type=Path, help="append each SMS to this file, a JSON line each"
    )
    parser.add_argument("--credits", type=float, default=100.0)
    arguments = parser.parse_args()

    def to_handset(sms: Sms) -> None:
        line = json.dumps(asdict(sms), ensure_ascii=False)
        print(line, flush=True)
        if arguments.ledger:
            with arguments.ledger.open("a", encoding="utf-8") as ledger:
                ledger.write(line + "\n")

    stopping = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stopping.set())
    with OvhStandIn(arguments.port) as stand_in:
        stand_in.credits_left = arguments.credits
        stand_in.on_accept(to_handset)
        print(stand_in.kiosk_toml(), flush=True)
        stopping.wait()
    for violation in stand_in.violations:
        print(f"violation: {violation}")
    raise SystemExit(1 if stand_in.violations else 0)


if __name__ == "__main__":
    main()
