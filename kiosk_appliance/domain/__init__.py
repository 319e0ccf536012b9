"""Values and rules of the kiosk: no I/O, no clock, no randomness."""
