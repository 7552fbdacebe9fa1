"""What is said to who wants to be heard better.

Decides the words; who that is, and when it is said, is the coach's.
"""

NOT_A_GUESTS = "I keep nothing of a guest, so I can't learn your voice."
HOW_TO_TEACH = (
    "I learn how you say the short words at the keyboard. "
    "There, type: assistant teach. It takes a few minutes."
)
HOW_TO_TEACH_AS = (
    "I learn how you say the short words at the keyboard. "
    "There, type: assistant teach, dash dash name, {name}. It takes a few minutes."
)
"""To somebody whose desk it isn't."""
