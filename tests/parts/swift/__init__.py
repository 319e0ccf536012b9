"""A real OpenStack Swift and a real Keystone v3 on loopback, from pip packages alone.

`python -m tests.parts.swift` serves one by hand; tests ask for the fixture `cloud`. Nothing is
imported here, because every server's own process comes through this package.
"""
