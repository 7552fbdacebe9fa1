"""A routine on paper: all that one needs to do it alone, and nothing that only a voice can say."""

from dataclasses import replace
from html.parser import HTMLParser

import pytest

from assistant.content.handout import DAYS, STRENGTH, cards, dose, html, lines
from assistant.content.types import Item, Routine
from assistant.outside.door_protocol import Device
from assistant.outside.page import markup
from tests.content.voice import shipped

LIBRARY = shipped()
SOME = [LIBRARY.routines[name] for name in ("desk-break", "lower-back-strength-3", "mobility")]


class Text(HTMLParser):
    """What stands on a page, and which elements hold it."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words: list[str] = []
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [value or "" for name, value in attrs if name in ("src", "href")]

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("routine", SOME, ids=lambda routine: routine.id)
def test_a_sheet_holds_each_exercise_with_figure_steps_dose_and_when_to_stop(
    routine: Routine,
) -> None:
    page = Text(html(routine, "As of today."))
    text = "".join(page.words)
    assert page.tags.count("svg") == len(routine.items)
    for item, card in zip(routine.items, cards(routine), strict=True):
        assert item.exercise.name in text
        assert card.dose in text
        assert all(step in text for step in card.steps)
        assert item.exercise.mistakes[0] in text
    assert "End it at once if the pain gets worse" in text
    assert all(day in text for day in DAYS)
    assert page.tags.count("tr") == 1 + len(DAYS)
    assert "{" not in "".join(step for card in cards(routine) for step in card.steps)
    assert "When I say" not in text


def test_a_sheet_asks_nobody_else_for_anything() -> None:
    """No script, and nothing from elsewhere: it can be passed on as it is."""
    page = Text(html(LIBRARY.routines["fifteen-minutes"], ""))
    assert not {"script", "link", "img", "iframe"} & set(page.tags)
    assert not page.addresses


def item(name: str) -> Item:
    exercise = LIBRARY.exercises[name]
    return Item(exercise=exercise, dose=exercise.dose)


def test_a_dose_is_said_in_full() -> None:
    assert dose(item("bird-dog")) == "Hold for 6 seconds, 8 times, on each side."
    assert dose(item("bridge")) == "Hold for 3 breaths, 5 times."
    assert (
        dose(item("curl-up"))
        == "Hold for 10 seconds, 3 times, then twice, then once, on each side."
    )
    assert dose(item("knee-rolls")) == "4 slow breaths, on each side, in turn."
    assert dose(item("back-arch")) == "5 times (5 seconds each way)."
    assert dose(item("figure-four")) == "Hold for 30 seconds, on each side. Two rounds."
    only_left = replace(item("donkey-kick"), only_side="left")
    assert dose(only_left) == "Keep moving for 30 seconds, on the left side only."


@pytest.mark.parametrize(("first", "alone"), [("right", ""), ("left", "right")])
def test_the_side_that_is_told_of_is_the_one_that_is_drawn_and_done(first: str, alone: str) -> None:
    """Which comes first, and where one side alone is done, that one."""
    curl_up = replace(item("curl-up"), start_side=first, only_side=alone)
    routine = replace(routine_of("curl-up"), items=(curl_up,))
    (card,) = cards(routine)
    assert card.steps[0] == "Lie on your back, right knee bent, the other leg long."
    assert "right side</title>" in card.picture
    device = Device("phone", "", "2026-11-30")
    assert "figures/curl-up.svg?side=right" in markup.routine(routine, device)


def test_strengthening_says_for_which_days_it_is() -> None:
    assert STRENGTH in "\n".join(lines(LIBRARY.routines["lower-back-strength"]))
    assert STRENGTH not in "\n".join(lines(LIBRARY.routines["lower-back-gentle"]))


def test_on_paper_one_reads_how_to_breathe_as_one_hears_it() -> None:
    """What only the order to begin tells; what the steps tell already isn't said twice."""
    (bridge,) = (card for card in cards(routine_of("bridge")))
    assert bridge.steps.index("Breathe out, and lift your hips.") < bridge.steps.index(
        "You stay up for three breaths."
    )
    assert "Bend back." not in cards(routine_of("desk-back-bend"))[0].steps


def routine_of(name: str) -> Routine:
    return replace(LIBRARY.routines["desk-break"], items=(item(name),))


def test_a_terminal_has_the_week_to_tick_too() -> None:
    *_, head, monday, _, _, _, _, _, sunday = lines(LIBRARY.routines["desk-break"])
    assert "pain before" in head
    assert monday.startswith("Monday ")
    assert sunday.startswith("Sunday ")
    assert "[  ]" in sunday
    assert max(map(len, (head, monday, sunday))) < 80
