"""A whole office: what its desks tell it, and what it hands out to them.

Decides nothing here; each file opens with what it decides. No file of the room knows a network:
messages are texts that somebody else carries. What a person said about their health, their pain
and their single breaks is in none of them.
"""
