"""Looks for what is wrong in a mailing before anything is sent. Knows the core alone."""
