"""A simulated world round the real kiosk, in virtual time; every run is repeatable by its seed."""
