"""A calm, offline voice for reflecting: it connects first, listens, and asks only as far as you want."""

__version__ = "0.1.0"
