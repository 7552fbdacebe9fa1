"""How long it waits after words, by what could still follow them."""

import pytest

from assistant.coach.events import Command
from assistant.hearing.endpoint import CLOSE_S, PATIENCE_S, SOON_S, WHOLE_S, Phrases

PHRASES = Phrases(
    {
        "pause": Command.PAUSE,
        "stop": Command.STOP,
        "stop now": Command.STOP,
        "no": Command.NO,
        "no thanks": Command.NO,
        "go": Command.GO,
        "go back": Command.BACK,
        "snooze": Command.SNOOZE,
        "snooze ten minutes": Command.SNOOZE,
        "start": Command.START,
        "start the timer": Command.ICE,
    }
)


@pytest.mark.parametrize(
    ("words", "patience_s"),
    [
        ("pause", SOON_S),  # nothing goes on like this
        ("stop", SOON_S),  # what does means the same
        ("no", SOON_S),
        ("go", CLOSE_S),  # one word more is another command
        ("snooze", WHOLE_S),  # how long is still to be said
        ("start", WHOLE_S),
        ("[unk]", PATIENCE_S),
        ("go pause", PATIENCE_S),
        ("snooze ten", SOON_S),  # the recogniser is asked early, and asked again
    ],
)
def test_it_waits_no_longer_than_what_could_follow_needs(words: str, patience_s: float) -> None:
    assert PHRASES.patience_s(words) == patience_s
    assert SOON_S < CLOSE_S < WHOLE_S < PATIENCE_S
