"""SQLite and the data directory: nobody else opens either."""
