"""What a screen is told of the moment: the buttons of a question, and who is there."""

import pytest

from assistant.coach import situation
from assistant.coach.effects import Expects
from assistant.coach.events import GUEST, Asked, Met, Source
from assistant.coach.events import Command as C
from assistant.outside.page import buttons
from assistant.outside.page.moment import Moment, moment
from tests.coach.driver import Drive
from tests.coach.test_adjusting import led
from tests.coach.test_identity import SEVERAL
from tests.coach.test_plan_of_the_week import MONDAY, STRENGTH, H, session
from tests.coach.test_progress import in_the_morning
from tests.coach.test_session_start import rows

PEOPLE = {"maria": "Maria", "ben": "Ben", GUEST: "a guest"}


def seen(drive: Drive, *, watch_only: bool = False) -> Moment:
    now = situation.of(drive.state)
    return moment(now, {}, drive.now, watch_only=watch_only, people=PEOPLE)


def tap(drive: Drive, name: str) -> None:
    wish = buttons.wish(name, (), PEOPLE)
    assert wish is not None, name
    asked = Asked(wish.command, Source.PAGE, value=wish.value, person=wish.person)
    drive.at(drive.now + 1.0, asked)


@pytest.mark.parametrize(("words", "value"), buttons.COMPARED)
def test_how_the_back_is_the_morning_after_is_answered_with_one_tap(words: str, value: int) -> None:
    """Worse, the same, better; and no yes or no, which would be no answer."""
    drive = in_the_morning(session(MONDAY - 1, STRENGTH))
    drive.at(H, C.LOUDER)
    drive.at(H + 40.0)
    assert situation.of(drive.state).expects is Expects.COMPARED
    front = seen(drive).front
    first = [buttons.BY_NAME[name].words for name in front[:3]]
    assert first == ["Worse", "The same", "Better"]
    assert not {"yes", "no"} & {*front, *seen(drive).can}
    tap(drive, next(name for name in front if buttons.BY_NAME[name].words == words))
    assert rows(drive, "morning") == [(str(MONDAY - 1), value)]
    assert not {"compared--1", "compared-0", "compared-1"} & {*seen(drive).front, *seen(drive).can}


def test_a_question_for_a_number_has_numbers_and_no_yes() -> None:
    drive = led(ask_pain=True, screening=False, routine="lower-back-gentle")
    front = seen(drive).front
    assert {f"number-{n}" for n in range(11)} <= {*front}
    assert not {"yes", "no", "tomorrow", "compared-0"} & {*front}


def test_who_is_there_is_shown_and_chosen_with_a_tap() -> None:
    """The others and a guest can be; who may only watch learns no name."""
    drive = Drive(SEVERAL)
    assert seen(drive).person == "With Maria"
    assert {"this_is:ben", "this_is:guest"} <= {*seen(drive).can}
    assert "this_is:maria" not in seen(drive).can
    tap(drive, "this_is:ben")
    drive.at(drive.now + 0.1, Met(person="ben", health=SEVERAL.health))
    assert seen(drive).person == "With Ben"
    tap(drive, "this_is:guest")
    assert seen(drive).person == "With a guest"
    watcher = seen(drive, watch_only=True)
    assert (watcher.person, watcher.can) == ("", ())


def test_only_who_exercises_here_can_be_chosen() -> None:
    for name in ("this_is:eve", "this_is:", "this_is", "this_is:maria:x", "start:", "start:x"):
        assert buttons.wish(name, ("lower-back",), PEOPLE) is None, name
