"""Whom a contact becomes, and how they are greeted."""
