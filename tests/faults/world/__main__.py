"""Play one seed and print its trace: `python -m tests.faults.world --seed N [--sms N]`."""

import argparse
import random
import sys

import structlog

from tests.faults.world.simulation import Plan, play


def main() -> int:
    """Run from the command line; 0: every promise was kept."""
    parser = argparse.ArgumentParser(description="Simulate a world round the kiosk.")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    parser.add_argument("--sms", type=int, default=300)
    parser.add_argument("--quiet", action="store_true", help="print the figures only")
    options = parser.parse_args()
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    plan = Plan(options.seed, options.sms)
    figures = play(plan, (lambda _line: None) if options.quiet else print)
    for violation in figures.violations:
        print(f"VIOLATION {violation}")
    print(f"seed {plan.seed}: {figures}")
    return 1 if figures.violations else 0


if __name__ == "__main__":
    sys.exit(main())
