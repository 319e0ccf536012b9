"""The tests mirror the package; `parts` holds the real servers they run against."""
