"""The engine of a run: who is handed over next, through which relay, on how many connections, and why it ends."""
