"""kiosk-appliance: the software inside a selfie kiosk."""

__version__ = "0.1.0"
