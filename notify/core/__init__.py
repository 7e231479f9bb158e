"""Values and decisions: no screen, no wire, no table, no clock. Times are arguments."""
