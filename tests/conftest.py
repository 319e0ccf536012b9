"""The parts that every suite may ask for."""

pytest_plugins = ["tests.parts.ovh.fixtures", "tests.parts.swift.fixtures"]
