"""From where on a session counts as exercise, and pain as pain: the numbers that coach and journal
share.

Decides nothing of what follows from them; that is `suitability`'s, `progress`'s and `week_plan`'s.
"""

TRAINED_FROM_S = 240.0
"""A session that went on for so long was exercise."""
EASIER_FROM = 4
"""So much pain, of ten, makes a session easier."""
PAIN_LASTS_S = 2 * 3600.0
"""After this long what was told of pain belongs to no session that could still go on."""

DIZZY_S = 1800.0
"""So long after "I'm dizzy" nothing begins without an answer: a judgement of our own."""


def more_than_before(value: int, before: int | None) -> bool:
    """Whether a session ended with more pain than it began with. Where nobody knows what that was,
    so much counts as more that would have made it easier."""
    return value > (EASIER_FROM - 1 if before is None else before)
