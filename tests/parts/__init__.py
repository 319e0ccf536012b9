"""Servers, relays and fixtures that the tests are built from."""
