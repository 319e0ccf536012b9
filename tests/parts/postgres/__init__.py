"""A real PostgreSQL on loopback, from the binaries of a pip package alone.

`python -m tests.parts.postgres` serves one by hand; tests ask for the fixture `central`. Nothing is
imported here, because the server's own process comes through this package.
"""
