"""What is said at somebody's first start: who this is, and what is tried together.

Decides wording only, as `sentences` does for everything else.
"""

WHO = "Hello. I am your coach for the back. I listen for a few words only, and keep no sound."
NO_DOCTOR = "I lead exercises, and I am no doctor. Ease off whenever something hurts."
TWO_MINUTES = "Let us try a few things, for two minutes. Hold the button down to end it."
CAN_I_HEAR = "First: can I hear you? Say yes. Or press the button."
HEARD = "I heard {heard}, and I hear you well."
TAPPED = "That works, too."
WITHOUT = "All right, without that."
PRESS_ONCE = "Now press the button once."
PRESSED = "The button works. Press it twice for what comes next, or hold it to end."
ENOUGH = (
    "While we exercise a few words are enough: pause, next, and that hurts. A press pauses, too."
)
TOGETHER = "Shall we try one stretch together, for half a minute? Say yes. Or press the button."
BEGIN = (
    "That is all you need. To begin another time, say {wake}, start. Or press the button. "
    "To hear this again, say {wake}, start over."
)
ANOTHER_TIME = (
    "All right, another time. To hear this, say {wake}, start over. "
    "To begin, say {wake}, start. Or press the button."
)
NOBODY = (
    "I'll leave it for now. Press when you'd like to begin. "
    "To hear this again, say {wake}, start over."
)

IN_SHORT = (
    "You are new here, so two things; stop skips them.",
    "I am no doctor, so ease off whenever something hurts, and tell me.",
    "While we exercise a few words are enough: pause, next, and that hurts.",
    "To try it with me, say show me. Or simply begin.",
)
NOT_HEARD = "I didn't hear you. Say yes, a little louder. Or press the button."
NOT_PRESSED = "I didn't notice a press. Press the button once, or say skip this one."
HELP_HEAR = "Say yes, and I tell you what I heard. Or say skip this one, or stop."
HELP_PRESS = "Press the button once. Or say skip this one, or stop."
HELP_TOGETHER = "Say yes, or press the button, and we begin. Or say no."
