"""The parts that every suite may ask for."""

pytest_plugins = [
    "tests.parts.appliance",
    "tests.parts.outside",
    "tests.parts.ovh.fixtures",
    "tests.parts.postgres.fixtures",
    "tests.parts.swift.fixtures",
    "tests.parts.terminal",
]
