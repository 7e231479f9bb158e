"""Servers for tests: real sockets on loopback, behaving as badly as a script says."""
