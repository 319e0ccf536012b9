"""`python -m tests.bench.queue`: the outbox beside huey's SQLite storage and Dramatiq on Redis."""
