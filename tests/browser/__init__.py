"""The guest page in a real Chromium, by taps."""
