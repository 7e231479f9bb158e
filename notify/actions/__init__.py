"""One module per verb. They wire the rooms together; no screen, no SQL, no SMTP."""
