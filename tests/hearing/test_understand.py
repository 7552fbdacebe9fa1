"""Sentences and commands: the same templates make the phrases and read them back."""

import os
import re
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

import pytest

from assistant.coach.answers import ANSWERS
from assistant.coach.effects import Context
from assistant.coach.events import Asked, Command, Source, Unclear
from assistant.coach.state import Asleep, AtRest, Due, NoPack
from assistant.coach.tables import MACHINES
from assistant.errors import AssistantError, ExitCode
from assistant.hearing.models import shipped
from assistant.hearing.templates import Templates, sentences_of
from assistant.hearing.understand import Understanding, plain
from tests.hearing.setting import ROUTINES, TEMPLATES, UNDERSTANDING, WAKE

WITH_PEOPLE = Understanding(TEMPLATES, WAKE, ROUTINES, people={"mia": ["maya"], "ben": ["ben"]})
EVERY_COMMAND = set(Command) - {Command.PRESS}


@pytest.mark.parametrize("context", Context)
def test_every_phrase_reads_back_as_its_command(context: Context) -> None:
    """What the recogniser may hear is what the matcher understands, in every situation."""
    for phrase, command in UNDERSTANDING.commands(context).items():
        asked = UNDERSTANDING.match(phrase, context)
        assert isinstance(asked, Asked), phrase
        assert asked.command is command, phrase
        assert asked.text == phrase


def test_every_phrase_means_what_its_template_says() -> None:
    """The phrases were expanded once, each with its meaning; hassil, which reads what is typed,
    finds the same in each of them."""
    names = {
        "routine": [(plain(name), ident) for ident, names in ROUTINES.items() for name in names],
        "person": [("maya", "mia"), ("a friend", "guest")],
    }
    sentences = sentences_of(TEMPLATES, None, names)
    templates = Templates(sentences.content, names)
    for situation, meant in sentences.meant.items():
        for phrase, meaning in meant.items():
            assert templates.recognise(phrase, situation) == meaning, (situation, phrase)


def test_a_start_with_the_same_sentences_needs_no_hassil(tmp_path: Path) -> None:
    """It takes a tenth of a second and three MiB. A typed line with figures still has it read."""
    program = f"""
import sys
from pathlib import Path
from assistant.coach.effects import Context
from assistant.coach.events import Source
from assistant.hearing.understand import Understanding
it = Understanding(Path({str(TEMPLATES)!r}), {WAKE!r}, {ROUTINES!r})
found = [it.match(said, Context.IDLE) for said in ("hey coach pause", "hey coach start desk break")]
loaded = {{"hassil", "yaml"}} & set(sys.modules)
print(*(asked.command for asked in found), found[1].routine, sorted(loaded))
print(it.match("snooze 5 minutes", Context.DUE, Source.TYPED).seconds, "hassil" in sys.modules)
"""
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    for loaded in ("['hassil', 'yaml']", "[]"):
        found = subprocess.run(
            [sys.executable, "-c", program],
            env=environment,
            check=True,
            capture_output=True,
            text=True,
            cwd=TEMPLATES.parent.parent,
        )
        assert found.stdout == f"pause start desk-break {loaded}\n300.0 True\n"


def test_every_command_but_the_button_can_be_said() -> None:
    """And what opens a closed ear, which is typed."""
    answers = {Command.NUMBER, Command.COMPARED}
    said = {*WITH_PEOPLE.commands(Context.AWAKE).values()} | answers
    assert said == EVERY_COMMAND - {Command.OPEN_EAR}
    typed = UNDERSTANDING.match("listen again", Context.AWAKE, Source.TYPED)
    assert isinstance(typed, Asked)
    assert typed.command is Command.OPEN_EAR
    assert Command.NUMBER in UNDERSTANDING.commands(Context.PAIN).values()
    assert Command.COMPARED in UNDERSTANDING.commands(Context.QUESTION).values()


@pytest.mark.parametrize(
    ("said", "context", "expected"),
    [
        ("stop", Context.SESSION, Command.STOP),
        ("that hurts", Context.QUESTION, Command.HURTS),
        ("ouch", Context.PAUSED, Command.HURTS),
        ("carry on", Context.PAUSED, Command.RESUME),
        ("i'm ready", Context.SESSION, Command.GO),
        ("skip this one", Context.SESSION, Command.NEXT),
        ("how much longer", Context.PAUSED, Command.TIME_LEFT),
        ("what's next", Context.SESSION, Command.WHATS_NEXT),
        ("say again", Context.SESSION, Command.SAY_AGAIN),
        ("i am up", Context.DUE, Command.UP),
        ("what can i say", Context.SESSION, Command.HELP),
        ("hey coach list routines", Context.IDLE, Command.LIST),
        ("hey coach", Context.IDLE, Command.WAKE),
        ("hey coach stop", Context.SESSION, Command.STOP),
        ("hey coach list routines", Context.DUE, Command.LIST),
        ("stretch", Context.DUE, Command.STRETCH),
        ("stretch now", Context.AWAKE, Command.STRETCH),
        ("i already stood up", Context.DUE, Command.STOOD),
        ("i already stood", Context.AWAKE, Command.STOOD),
        ("not now", Context.DUE, Command.SNOOZE),
        ("no thanks", Context.DUE, Command.NO),
        ("how long left", Context.DUE, Command.TIME_LEFT),
        ("quiet for an hour", Context.DUE, Command.QUIET),
        ("in a meeting", Context.DUE, Command.MEETING),
        ("hey coach i'm in a meeting", Context.DUE, Command.MEETING),
        ("lunch", Context.DUE, Command.LUNCH),
        ("i'm going to lunch", Context.AWAKE, Command.LUNCH),
        ("lunch break", Context.AWAKE, Command.LUNCH),
        ("i'm leaving", Context.DUE, Command.LEAVING),
        ("leaving now", Context.AWAKE, Command.LEAVING),
        ("hey coach i'm back", Context.IDLE, Command.RETURNED),
        ("reminders on", Context.AWAKE, Command.REMINDERS_ON),
        ("turn reminders on", Context.AWAKE, Command.REMINDERS_ON),
        ("turn off reminders", Context.AWAKE, Command.REMINDERS_OFF),
        ("when is my next break", Context.AWAKE, Command.NEXT_BREAK),
        ("next break", Context.AWAKE, Command.NEXT_BREAK),
        ("how did i do today", Context.AWAKE, Command.DID_TODAY),
        ("how did i do this week", Context.AWAKE, Command.DID_WEEK),
        ("how did i do this month", Context.AWAKE, Command.DID_MONTH),
        ("later", Context.DUE, Command.SNOOZE),
        ("okay", Context.DUE, Command.YES),
        ("not today", Context.DUE, Command.NOT_TODAY),
        ("hey coach reminders off until tomorrow", Context.IDLE, Command.NOT_TODAY),
        ("my back hurts", Context.AWAKE, Command.BACK_HURTS),
        ("my back hurts", Context.SESSION, Command.HURTS),
        ("i'm dizzy", Context.SESSION, Command.DIZZY),
        ("i feel dizzy", Context.SPEAKING, Command.DIZZY),
        ("as it was before", Context.SESSION, Command.UNDO),
        ("undo that", Context.AWAKE, Command.UNDO),
    ],
)
def test_sentences_mean_commands(said: str, context: Context, expected: Command) -> None:
    asked = UNDERSTANDING.match(said, context)
    assert isinstance(asked, Asked)
    assert asked.command is expected


@pytest.mark.parametrize(
    ("said", "context"),
    [
        ("stop", Context.IDLE),
        ("start lower back", Context.IDLE),
        ("start lower back", Context.SESSION),
        ("next", Context.QUESTION),
        ("list routines", Context.DUE),
        ("please don't stop now", Context.SESSION),
        ("next", Context.SPEAKING),
        ("hey coach next", Context.SPEAKING),
        ("", Context.AWAKE),
        ("snooze sixty one minutes", Context.DUE),
        ("no", Context.DUE),
        ("okay", Context.QUESTION),
        ("undo", Context.SESSION),
        ("quiet until two", Context.DUE),
        ("quiet for an hour", Context.SESSION),
        ("quiet until thirteen", Context.PAUSED),
        ("i'm leaving", Context.IDLE),
    ],
)
def test_what_makes_no_sense_here_is_nothing(said: str, context: Context) -> None:
    """A command counts only where it may be said, and only if it is all that was said."""
    assert UNDERSTANDING.match(said, context) is None


def test_talk_after_the_wake_phrase_is_unclear() -> None:
    assert UNDERSTANDING.match("the weather is nice", Context.AWAKE) == Unclear()


def test_slots_are_filled() -> None:
    """A routine by any of its names; minutes and seconds in seconds."""
    cases = {
        "start the lower back routine": ("lower-back-gentle", None),
        "start lower back strength": ("lower-back-strength", None),
        "start": (None, None),
        "ten more seconds": (None, 10.0),
        "snooze for twenty one minutes": (None, 1260.0),
        "snooze": (None, None),
    }
    for said, (routine, seconds) in cases.items():
        asked = UNDERSTANDING.match(said, Context.AWAKE)
        assert isinstance(asked, Asked), said
        assert (asked.routine, asked.seconds) == (routine, seconds), said


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("snooze for a minute", 1),
        ("snooze one minute", 1),
        ("five more minutes", 5),
        ("quiet for forty five minutes", 45),
        ("quiet for half an hour", 30),
        ("quiet for an hour", 60),
        ("quiet for two hours", 120),
        ("remind me every twenty five minutes", 25),
        ("remind me every half hour", 30),
        ("i have ten minutes", 10),
        ("I have 12 minutes.", 12),
        ("i have half an hour", 30),
        ("remind me every hour", 60),
        ("Remind me every 37 minutes.", 37),
        ("quiet for 12 minutes", 12),
        ("snooze 1 minute", 1),
        ("quiet please", None),
        ("remind me every 0 minutes", "no command"),
        ("remind me every 241 minutes", "no command"),
    ],
)
def test_lengths_come_in_seconds(said: str, minutes: float | str | None) -> None:
    """Spoken ones are few; typed figures may be any number of minutes."""
    asked = UNDERSTANDING.match(said, Context.AWAKE)
    if minutes == "no command":
        assert asked == Unclear()
        return
    assert isinstance(asked, Asked)
    assert asked.seconds == (None if minutes is None else 60.0 * float(minutes))
    assert asked.until_s is None


@pytest.mark.parametrize(
    ("said", "clock"),
    [
        ("quiet until two", (2, 0)),
        ("quiet until two o'clock", (2, 0)),
        ("quiet until half past two", (2, 30)),
        ("quiet until quarter past eleven", (11, 15)),
        ("quiet until quarter to one", (0, 45)),
        ("quiet until a quarter past two", (2, 15)),
        ("quiet until ten past two", (2, 10)),
        ("quiet until twenty five past twelve", (0, 25)),
        ("quiet until five to one", (0, 55)),
        ("quiet until twenty to twelve", (11, 40)),
        ("quiet until four thirty", (4, 30)),
        ("quiet until half past twelve", (0, 30)),
        ("quiet until twelve", (0, 0)),
    ],
)
def test_clock_times_are_those_of_a_clock_face(said: str, clock: tuple[int, int]) -> None:
    """Seconds since midnight or noon: twelve is nought."""
    asked = UNDERSTANDING.match(said, Context.AWAKE)
    assert isinstance(asked, Asked)
    assert asked.command is Command.QUIET
    assert asked.until_s == 3600 * clock[0] + 60 * clock[1]
    assert asked.seconds is None


@pytest.mark.parametrize(
    ("said", "clock"),
    [
        ("quiet until noon", (12, 0)),
        ("quiet until midnight", (0, 0)),
        ("quiet until eight in the morning", (8, 0)),
        ("quiet until twelve in the morning", (0, 0)),
        ("quiet until two in the afternoon", (14, 0)),
        ("quiet until eleven in the evening", (23, 0)),
        ("quiet until twelve in the evening", (24, 0)),
        ("quiet until half past twelve in the evening", (24, 30)),
        ("quiet until half past nine in the evening", (21, 30)),
        ("quiet until four in the evening", (16, 0)),
        ("quiet until half past twelve in the morning", (0, 30)),
        ("quiet until 5 past 2 in the afternoon", (14, 5)),
        ("quiet until 10 to 12 pm", (11, 50)),
        ("quiet until 4:20 in the morning", (4, 20)),
        ("quiet until fourteen thirty", (14, 30)),
        ("quiet until twenty two fifteen", (22, 15)),
        ("quiet until eighteen o'clock", (18, 0)),
        ("Quiet until 14:30.", (14, 30)),
        ("quiet until 14", (14, 0)),
        ("quiet until 0:15", (0, 15)),
        ("quiet until 24:00", (0, 0)),
        ("quiet till 14h30", (14, 30)),
        ("quiet until 14h", (14, 0)),
        ("snooze until 1430", (14, 30)),
        ("quiet until 3 pm", (15, 0)),
        ("quiet until 3 p.m.", (15, 0)),
        ("quiet until 3:45 PM", (15, 45)),
        ("quiet until 12 pm", (12, 0)),
        ("quiet until 12:30 am", (0, 30)),
    ],
)
def test_clock_times_of_the_whole_day_are_since_midnight(said: str, clock: tuple[int, int]) -> None:
    """Where it was said which half of the day is meant."""
    source = Source.TYPED if any(sign.isdigit() for sign in said) else Source.VOICE
    asked = UNDERSTANDING.match(said, Context.AWAKE, source)
    assert isinstance(asked, Asked)
    assert (asked.command, asked.whole_day) == (Command.QUIET, True)
    assert asked.until_s == 3600 * clock[0] + 60 * clock[1]


@pytest.mark.parametrize(
    ("said", "command", "aim", "days", "clock"),
    [
        ("remind me to do my exercises at seven", "plan_time", "", (), (7, 0, False)),
        ("remind me to do my exercises every day at half past six", "plan_time", "", range(7),
         (6, 30, False)),
        ("remind me to do my exercises at half past six in the evening", "plan_time", "", (),
         (18, 30, True)),
        ("Remind me to do my exercises every day at 18:45", "plan_time", "", range(7),
         (18, 45, True)),
        ("strength on monday and thursday", "plan_days", "strength", (0, 3), None),
        ("mobility on sunday", "plan_days", "mobility", (6,), None),
        ("no exercises on friday", "no_plan", "", (4,), None),
        ("cancel my plan", "no_plan", "", (), None),
        ("what's on today", "tell_today", "", (), None),
        ("what is my plan", "tell_plan", "", (), None),
    ],
)  # fmt: skip
def test_a_plan_is_talked_about(
    said: str,
    command: str,
    aim: str,
    days: Iterable[int],
    clock: tuple[int, int, bool] | None,
) -> None:
    asked = UNDERSTANDING.match(said, Context.AWAKE, Source.TYPED)
    assert isinstance(asked, Asked)
    assert (asked.command, asked.aim, asked.days) == (Command(command), aim, tuple(days))
    if clock is not None:
        hour, minute, whole_day = clock
        assert (asked.until_s, asked.whole_day) == (3600 * hour + 60 * minute, whole_day)


@pytest.mark.parametrize(
    ("typed", "until", "minutes"),
    [
        ("quiet until 4:30", (4, 30), None),
        ("quiet until 2:15", (2, 15), None),
        ("quiet until 12:30", (0, 30), None),
        ("quiet for 2.5 hours", None, 150),
        ("quiet for 2,5 hours", None, 150),
        ("quiet for 1.25 h", None, 75),
        ("quiet for an hour and a half", None, 90),
        ("quiet for two and a half hours", None, 150),
        ("quiet for three hours and a half", None, 210),
        ("quiet for 2 h", None, 120),
        ("quiet for 1 h", None, 60),
        ("quiet for 1h30", None, 90),
        ("quiet for 1h30min", None, 90),
        ("quiet for .5 h", None, 30),
        ("quiet for 2 hrs", None, 120),
        ("quiet for 2 hours and 5 min", None, 125),
        ("quiet for an hour and ten minutes", None, 70),
        ("quiet for a quarter of an hour", None, 15),
        ("quiet for three quarters of an hour", None, 45),
        ("quiet for 90", None, 90),
        ("quiet for 13 hours", None, 780),
        ("quiet for 300 minutes", None, 300),
        ("remind me every hour and a half", None, 90),
        ("remind me every two hours", None, 120),
        ("remind me every 45 min", None, 45),
        ("ice for a quarter of an hour", None, 15),
        ("snooze half an hour", None, 30),
        ("snooze for an hour", None, 60),
        ("snooze 10", None, 10),
        ("snooze 10 min", None, 10),
        ("snooze for half an hour", None, 30),
        ("snooze for forty six minutes", None, 46),
        *(
            (f"{command} {length}", None, minutes)
            for command in ("snooze for", "ice for", "heat for", "i have", "remind me every")
            for length, minutes in (
                *(("1 hour", 60), ("1 h", 60), ("2 hrs", 120), ("2 hours", 120), ("2h", 120)),
                *(("1 h 30", 90), ("1 hour and a half", 90), ("1.5 h", 90), ("90 min", 90)),
                *(("5m", 5), ("2 and a half hours", 150), ("half an hour", 30)),
            )
        ),
        *(
            (f"{command} {length}", None, minutes)
            for command in ("snooze for", "ice for", "heat for", "i have", "quiet for")
            for length, minutes in (
                ("an hour", 60),
                ("two hours", 120),
                ("a quarter of an hour", 15),
            )
        ),
        ("12 more minutes", None, 12),
        *(
            (line, None, minutes)
            for line, minutes in (
                *(("12 more min", 12), ("5 more min", 5), ("in 1 h", 60), ("2 more h", 120)),
                *(("half an hour more", 30), ("+5 min", 5), ("+ 5 min", 5), ("1½ h more", 90)),
                *(("ten more minutes", 10), ("1 more minute", 1), ("one more hour", 60)),
                *(("another 10 min", 10), ("another half hour", 30), ("½ h more", 30)),
                *(("in ten minutes", 10), ("remind me in 20 min", 20), ("1.5 more hours", 90)),
                *(("snooze 5 more minutes", 5), ("later, 10 min", 10), ("quiet 1 h", 60)),
                *(("quiet for another hour", 60), ("quiet 45 min", 45), ("every 25 min", 25)),
                *(("i have only 10 min", 10), ("i've got 15 min", 15), ("ice 15 min", 15)),
                *(("1 min longer", 1), ("a minute longer", 1), ("30 more s", 0.5)),
                *(("30s more", 0.5), ("another 30 seconds", 0.5), ("20 sec longer", 1 / 3)),
                *(("10 s less", 1 / 6), ("a quarter of an hour more", 15)),
                *(("12.5 min longer", 12.5), ("2.5 more min", 2.5), ("snooze 7,25 min", 7.25)),
                *(("0.5 min more", 0.5), ("quiet 12.5 min", 12.5), ("i have 2.5 min", 2.5)),
                *(("quiet for 1.26 h", 75.6), ("1 min 30 s longer", 1.5), ("90 s more", 1.5)),
                *(("100 seconds", 100 / 60), ("2 min less", 2), ("90 s shorter", 1.5)),
                *(("every 0.75 h", 45), ("ive got 15 min", 15), ("10 min more please", 10)),
            )
        ),
    ],
)
def test_times_are_understood_as_people_write_them(
    typed: str, until: tuple[int, int] | None, minutes: float | None
) -> None:
    asked = UNDERSTANDING.match(typed, Context.AWAKE, Source.TYPED)
    assert isinstance(asked, Asked)
    assert asked.until_s == (None if until is None else 3600 * until[0] + 60 * until[1])
    assert not asked.whole_day
    assert asked.seconds == (None if minutes is None else 60 * minutes)


@pytest.mark.parametrize(
    ("typed", "like"),
    [
        ("12 min", "snooze ten minutes"),
        ("2.51 min more", "ten more minutes"),
        ("2.5 s longer", "ten more seconds"),
        ("ice for 12.5 min", "ice for ten minutes"),
        ("remind me every 45.5 min", "remind me every ten minutes"),
        ("1000 seconds", "ten more seconds"),
        ("quarter of an hour pls", "quiet for ten minutes"),
        ("show me list", "show me the list"),
        ("list routine", "list routines"),
    ],
)
def test_a_line_that_means_nothing_is_answered_with_what_is_like_it(typed: str, like: str) -> None:
    """One with a length with what takes a length. What is told means something."""
    unclear = UNDERSTANDING.match(typed, Context.AWAKE, Source.TYPED)
    assert isinstance(unclear, Unclear)
    assert like in unclear.like
    for one in unclear.like:
        assert isinstance(UNDERSTANDING.match(one, Context.AWAKE, Source.TYPED), Asked)
    assert UNDERSTANDING.match("colourless green", Context.AWAKE, Source.TYPED) == Unclear(
        Source.TYPED
    )


@pytest.mark.parametrize(
    "typed",
    ["i can't go down again", "i wont get down again", "i dont get down on the floor agian"],
)
def test_what_is_like_a_line_never_means_its_opposite(typed: str) -> None:
    unclear = UNDERSTANDING.match(typed, Context.AWAKE, Source.TYPED)
    assert isinstance(unclear, Unclear)
    for one in unclear.like:
        asked = UNDERSTANDING.match(one, Context.AWAKE, Source.TYPED)
        assert isinstance(asked, Asked)
        assert asked.command is not Command.FLOOR


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        *(
            (line, Command.PAUSE)
            for line in (
                *("hold on", "wait a minute", "I need a break", "one moment"),
                *("I'm not ready yet", "hang on a sec", "I need to rest", "be right back"),
            )
        ),
        *((line, Command.STOP) for line in ("that's enough", "enough!", "stop it please", "quit")),
        *((line, Command.STOP) for line in ("Can we stop?", "stop the exercise")),
        *((line, Command.SAY_AGAIN) for line in ("what was that?", "pardon", "what did you say")),
        *((line, Command.SAY_AGAIN) for line in ("sorry, what?", "I didn't catch that", "huh?")),
        *((line, Command.NEXT) for line in ("Can we skip this one?", "I don't like this")),
        *((line, Command.OTHER_SIDE) for line in ("other leg", "switch sides")),
        *((line, Command.REPEAT) for line in ("once more", "from the top")),
        *((line, Command.TIME_LEFT) for line in ("are we nearly done?", "how much more")),
        *((line, Command.LOUDER) for line in ("volume up", "turn up the volume")),
        *((line, Command.QUIETER) for line in ("volume down", "turn the volume down")),
        *((line, Command.HELP) for line in ("what should I do now?", "I don't understand")),
        *((line, Command.YES) for line in ("y", "yeah", "ok", "yes I do")),
        *((line, Command.NO) for line in ("n", "nope", "no I don't")),
        *(
            (line, Command.HOW_MANY)
            for line in ("how many are left?", "how many more", "how many left")
        ),
        *((line, Command.EASIER) for line in ("that was too hard", "too hard", "easier")),
        ("I can't do this", Command.EASIER),
        *((line, Command.HARDER) for line in ("too easy", "that was too easy", "it was easy")),
        *(
            (line, Command.DID_IT)
            for line in ("I did it already", "i've already done it", "already done")
        ),
        *((line, Command.SKIP_TODAY) for line in ("skip today", "no exercises today")),
        *(
            (line, Command.HELLO)
            for line in ("good morning", "hello", "hi", "hey coach, good evening")
        ),
        *((line, Command.TIRED) for line in ("I'm tired", "i am so tired")),
        *(
            (line, Command.NO_FLOOR)
            for line in (
                *("I can't get down", "i can't get down again"),
                *("i can't get on the floor", "I can't do exercises on the floor"),
            )
        ),
        *((line, Command.NO_FLOOR_TODAY) for line in ("no floor today", "i can't get down today")),
        *(
            (line, Command.FLOOR)
            for line in ("Exercises on the floor again", "I can get down again", "i can get down")
        ),
        *((line, Command.SLOWER) for line in ("slow down", "too fast")),
        *((line, Command.HURTS) for line in ("my knee hurts", "my neck hurts")),
        ("can we start over", Command.WELCOME),
        ("how am i doing", Command.DID_WEEK),
        ("what should i do", Command.TELL_TODAY),
        ("good night", Command.LEAVING),
        *((line, Command.MEETING) for line in ("I'm on a call", "on the phone", "in a call")),
        *((line, Command.QUIET) for line in ("in a meeting until 11", "I'm on a call for 20 min")),
        *((line, Command.RETURNED) for line in ("the meeting is over", "I'm back at my desk")),
        *((line, Command.LEAVING) for line in ("going home", "I'm off", "see you tomorrow")),
        *((line, Command.LUNCH) for line in ("off to lunch", "going for lunch")),
        *((line, Command.SNOOZE) for line in ("ask me later", "in a bit")),
        *((line, Command.STOOD) for line in ("I stood up", "I've just stood up")),
        *((line, Command.GO) for line in ("let's go", "I'm there", "ok ready")),
    ],
)
def test_what_people_would_type_is_understood(typed: str, command: Command) -> None:
    asked = UNDERSTANDING.match(typed, Context.AWAKE, Source.TYPED)
    assert isinstance(asked, Asked)
    assert asked.command is command


@pytest.mark.parametrize("context", [one for one in Context if one is not Context.IDLE])
def test_what_can_be_said_can_be_typed(context: Context) -> None:
    """A line is typed without a situation. What means something else at rest, the coach knows."""
    at_rest = {Command.NEXT: Command.SNOOZE, Command.HURTS: Command.BACK_HURTS}
    for said, meant in UNDERSTANDING.commands(context).items():
        asked = UNDERSTANDING.match(said, Context.AWAKE, Source.TYPED)
        assert isinstance(asked, Asked), said
        assert asked.command in (meant, at_rest.get(meant)), said


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *(("about a four", 4), ("4/10", 4), ("maybe 3", 3), ("I'd say five out of ten", 5)),
        *(("not at all", 0), ("a bit worse", -1), ("about the same", 0), ("much better", 1)),
    ],
)
def test_a_number_or_how_it_was_may_be_typed_as_it_is_said(typed: str, value: int) -> None:
    asked = UNDERSTANDING.match(typed, Context.AWAKE, Source.TYPED)
    assert isinstance(asked, Asked)
    assert asked.value == value


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        *(
            (line, Command.HURTS)
            for line in (
                *("ow!", "it hurts a lot", "that's painful", "I've got a cramp in my foot"),
                *("sharp pain", "my leg is numb", "No, it hurts", "I can't, it hurts"),
                *("it's getting worse", "pins and needles in my leg"),
                *("sharp", "it's sharp", "down my leg", "it goes down my leg"),
                *("it hurts all over", "it hurts when I bend over", "the pain is not better"),
                *("the pain isn't gone", "the pain hasn't stopped", "it hurts more, not less"),
                *("No, too much pain", "no too much pain", "no, more pain", "No. Pain!", "no sore"),
                *("no pain like this before", "it never hurt before", "not without pain"),
                *("the pain is gone but now my leg hurts", "it's not less painful"),
                *("no back pain but my leg hurts", "stop! no more pain please"),
                *("when I lift my leg it hurts", "if I bend it hurts", "where I sit it hurts"),
                *("can we stop, it hurts", "can't go on, it hurts", "could you stop it is painful"),
                *("can we stop? ouch", "can you stop too painful", "what now, it hurts"),
                *("what do I do my knee hurts", "does it go on like this? it hurts"),
                *("give me a break, it hurts", "start again? it hurts", "I hurt my knee yesterday"),
                *("shooting down my leg", "burning in my leg", "it's agony", "it pinches"),
                *("can't feel my leg", "I cant feel my foot", "my leg gave way", "numbness"),
                *("no feeling in my leg", "my leg is weak", "it doesn't hurt less"),
                *("it hasn't stopped hurting", "it never stopped hurting", "the pain went up"),
                *("it stopped hurting but my leg is numb", "the pain went down my leg"),
                *("I don't think the pain has eased", "it only stopped hurting when I lay down"),
            )
        ),
        *((line, Command.BACK_HURTS) for line in ("my lower back aches", "I have back pain")),
        ("my back hurts when I lean over", Command.BACK_HURTS),
        ("my back has hurt since last year", Command.BACK_HURTS),
        ("hey coach, my back hurts a lot", Command.BACK_HURTS),
        *((line, Command.DIZZY) for line in ("I feel faint", "light-headed", "I can't breathe")),
        *((line, Command.DIZZY) for line in ("call an ambulance", "heart attack", "I've fallen")),
        *((line, Command.DIZZY) for line in ("I fell off the chair", "I fell and can't get up")),
        *((line, None) for line in ("I fell asleep", "I've fallen behind", "emergency exit")),
        ("my back was sore months ago and is again", Command.BACK_HURTS),
        *(
            (line, Command.HURTS)
            for line in ("I can't bend without pain", "can't feel my left leg")
        ),
        ("the pain is over my left hip", Command.HURTS),
        ("the pain is all over", Command.HURTS),
        *((line, None) for line in ("no strength today", "tomorrow at eight sharp")),
        *((line, None) for line in ("I can't move my appointment", "I hurt my knee last year")),
        *((line, Command.DIZZY) for line in ("my chest hurts", "can we stop I'm dizzy")),
        ("I don't feel dizzy but sick", Command.DIZZY),
        ("not dizzy, but a bit unwell", Command.DIZZY),
        *((line, Command.DIZZY) for line in ("not dizzy, sick", "I'm not dizzy but I'm sick")),
        *((line, Command.DIZZY) for line in ("not dizzy just sick", "I am ill", "I'm so sick")),
        *((line, None) for line in ("I'm sick of this", "I'm not sick", "not dizzy or sick")),
        *(
            (line, Command.HURTS)
            for line in ("wait until the pain is over", "I don't think the pain is over")
        ),
        *(
            (line, None)
            for line in (
                *("it doesn't hurt", "it didn't hurt at all", "no more pain", "the pain is gone"),
                *("it hurts less", "not too painful", "does it hurt?", "why is my neck sore"),
                *("it's less painful", "the pain is better", "the pain has gone"),
                *("the pain is over", "my back pain is over now", "not dizzy"),
                *("I'm not dizzy", "no dizziness", "no chest pain", "I don't feel faint any more"),
                *("nothing hurts", "it no longer hurts", "no real pain", "pain free", "pain-free"),
                *("the pain went away", "no pain in my leg", "it doesn't go down my leg"),
                *("the dizziness has passed", "no aches or pains", "the pain is a bit less now"),
                *("not sharp", "I'm not in pain", "No, nothing hurts", "no numbness"),
                *("can it hurt?", "could this hurt my back?", "is it normal to feel pain?"),
                *("can I exercise with back pain?", "what helps against back pain?"),
                *("something for a sore neck", "start the routine for back pain"),
                *("give me something for my sore back", "show me exercises for neck pain"),
                *("I hurt my knee last year", "two years ago I hurt my back"),
                *("it stopped hurting", "No, it has stopped hurting now", "the pain has eased"),
                *("the pain eased off a bit", "my back pain is easing", "the pain went"),
            )
        ),
    ],
)
def test_who_types_of_pain_is_understood_in_whatever_words(
    typed: str, command: Command | None
) -> None:
    """Missed, it would lead on. That there is none, or a question, is no such thing."""
    asked = UNDERSTANDING.match(typed, Context.AWAKE, Source.TYPED)
    assert (asked.command if isinstance(asked, Asked) else None) is command
    assert UNDERSTANDING.match(typed, Context.SESSION) is None  # not listened for


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *(("my pain is a 3", 3), ("pain 3", 3), ("it hurts about 3", 3), ("pain level two", 2)),
        *(("my back hurts about a four", 4), ("my back pain is 5/10 today", 5)),
        *(("I have no pain", 0), ("no pain at all", 0), ("I don't have any pain", 0)),
    ],
)
def test_how_much_it_hurts_may_be_typed_in_a_sentence(typed: str, value: int) -> None:
    asked = UNDERSTANDING.match(typed, Context.AWAKE, Source.TYPED)
    assert isinstance(asked, Asked)
    assert (asked.command, asked.value) == (Command.NUMBER, value)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        *(("three, it hurts", 3), ("seven. That hurts", 7), ("8 out of ten, my leg hurts", 8)),
        *(("it hurts a lot, about a 10", 10), ("ouch! It's a four", 4), ("ouch", None)),
        *(("three, two, ouch", None), ("it hurts, 2 weeks now", None), ("my 2 legs hurt", None)),
    ],
)
def test_a_number_beside_what_tells_of_pain_is_how_much_it_hurts(
    typed: str, value: int | None
) -> None:
    asked = UNDERSTANDING.match(typed, Context.AWAKE, Source.TYPED)
    assert isinstance(asked, Asked)
    assert (asked.command, asked.value) == (Command.HURTS, value)


@pytest.mark.parametrize(
    ("line", "time_h", "in_days", "days"),
    [
        ("tomorrow at eight", 8.0, 1, ()),
        ("tonight at seven", 19.0, 0, ()),
        ("at half past six", 6.5, 0, ()),
        ("on Friday at 7:15", 7.25, 0, (4,)),
        ("my exercises tomorrow", None, 1, ()),
        ("my exercises on Friday", None, 0, (4,)),
        ("remind me to do my exercises today at 18:30", 18.5, 0, ()),
        ("Tomorrow morning at 8", 8.0, 1, ()),
        ("tomorrow 8 pm", 20.0, 1, ()),
        ("at a quarter to eight on Friday", 7.75, 0, (4,)),
        ("tonight at five", 17.0, 0, ()),
        ("tonight at 19:30", 19.5, 0, ()),
        ("tonight at ten to twelve", 23 + 50 / 60, 0, ()),
        ("tonight at twelve", 24.0, 0, ()),
        ("my exercises tonight at half past twelve", 24.5, 0, ()),
        ("tonight at a quarter to one", 24.75, 0, ()),
        ("tonight at three", 27.0, 0, ()),
        ("this evening at 12:30", 24.5, 0, ()),
        ("tomorrow at one in the evening", 25.0, 1, ()),
        ("on Friday night at twelve", 24.0, 0, (4,)),
        ("this afternoon at 12:30", 12.5, 0, ()),
        ("tomorrow morning at ten to twelve", 11 + 50 / 60, 1, ()),
        ("at 24:00", 24.0, 0, ()),
        ("tomorrow at 24:00", 24.0, 1, ()),
        ("on Friday at midnight", 24.0, 0, (4,)),
        ("tomorrow at 0:00", 0.0, 1, ()),
    ],
)
def test_one_day_s_other_time_is_understood(
    line: str, time_h: float | None, in_days: int, days: tuple[int, ...]
) -> None:
    """Typed wherever it comes; said, as an answer or after the wake phrase. No day is today. After
    an evening's twelve the hours go on: the coach knows by that that the day is over."""
    asked = UNDERSTANDING.match(line, Context.AWAKE, Source.TYPED)
    assert isinstance(asked, Asked)
    time_s = None if time_h is None else time_h * 3600
    told = (asked.command, asked.until_s, asked.value or 0, asked.days)
    assert told == (Command.PLAN_ONCE, time_s, in_days, days)


def test_of_days_and_times_only_the_shortest_are_listened_for_as_an_answer() -> None:
    said = ("tomorrow at eight", "tonight at half past seven", "at half past six", "on friday")
    for line in said:
        asked = UNDERSTANDING.match(line, Context.QUESTION)
        assert isinstance(asked, Asked)
        assert asked.command is Command.PLAN_ONCE
        assert UNDERSTANDING.match(line, Context.DUE) is None
    asked = UNDERSTANDING.match("my exercises on friday at seven", Context.AWAKE)
    assert isinstance(asked, Asked)
    assert (asked.command, asked.days) == (Command.PLAN_ONCE, (4,))


def test_who_says_until_when_to_be_quiet_says_nothing_of_exercises() -> None:
    for line in ("quiet until eight", "quiet until half past six", "quiet until 8 pm"):
        asked = UNDERSTANDING.match(line, Context.AWAKE, Source.TYPED)
        assert isinstance(asked, Asked)
        assert asked.command is Command.QUIET


@pytest.mark.parametrize(
    ("line", "command", "seconds"),
    [
        ("snooze 90 seconds", Command.SNOOZE, 90.0),
        ("snooze 90 s", Command.SNOOZE, 90.0),
        ("quiet for 90 sec", Command.QUIET, 90.0),
        ("i have 90 seconds", Command.HAVE_TIME, 90.0),
        ("ice for 90 seconds", Command.ICE, 90.0),
        ("remind me in 90 s", Command.SNOOZE, 90.0),
        ("90 seconds longer", Command.MORE_TIME, 90.0),
        ("quiet for an hour and one minute", Command.QUIET, 3660.0),
    ],
)
def test_a_length_in_seconds_is_one_like_any_other(
    line: str, command: Command, seconds: float
) -> None:
    asked = UNDERSTANDING.match(line, Context.AWAKE, Source.TYPED)
    assert isinstance(asked, Asked)
    assert (asked.command, asked.seconds) == (command, seconds)


def test_nobody_is_to_say_one_minutes() -> None:
    for context in Context:
        for said in UNDERSTANDING.phrases(context):
            assert not re.search(r"(?<!ty )\bone (more )?(second|minute|hour)s\b", said)
    assert UNDERSTANDING.match("ice for one minute", Context.AWAKE) is not None
    assert UNDERSTANDING.match("one more second", Context.SESSION) is not None


def test_what_is_for_a_part_of_the_body_is_a_routine_that_is_there() -> None:
    there = {path.stem for path in TEMPLATES.parent.glob("*.toml")}
    for part in ("neck", "shoulders", "wrists", "back", "hips", "legs"):
        asked = UNDERSTANDING.match(f"give me something for my {part}", Context.AWAKE)
        assert isinstance(asked, Asked)
        assert (asked.command, asked.routine in there) == (Command.START, True)


@pytest.mark.parametrize("line", ["start my exercises", "do my plan", "start today's exercises"])
def test_what_the_plan_has_is_asked_for_by_no_name(line: str) -> None:
    asked = UNDERSTANDING.match(line, Context.AWAKE, Source.TYPED)
    assert isinstance(asked, Asked)
    assert (asked.command, asked.aim, asked.routine) == (Command.START, "exercises", None)


@pytest.mark.parametrize(
    "length",
    ["1.5 and a half hours", "1.000 minutes", "2 h 90", f"{'9' * 400} h", f"{'9' * 400} min"],
)
def test_a_length_that_is_none_is_not_guessed(length: str) -> None:
    """Nor does one that no number can hold end whoever reads the line."""
    asked = UNDERSTANDING.match(f"quiet for {length}", Context.AWAKE, Source.TYPED)
    assert not isinstance(asked, Asked)


def test_every_answer_to_a_reminder_does_something() -> None:
    """What is listened for without a wake phrase is no dead end when it is time to stand up."""
    said = {c for p, c in UNDERSTANDING.commands(Context.DUE).items() if not p.startswith(WAKE[0])}
    now = (Due, AtRest, NoPack, Asleep)
    done = {on for machine in MACHINES for state, on in machine.table if state in now}
    assert said <= done | set(ANSWERS)


def test_a_typed_line_may_have_capitals_figures_and_punctuation() -> None:
    asked = UNDERSTANDING.match("Hey coach, snooze 12 minutes!", Context.AWAKE, Source.TYPED)
    assert isinstance(asked, Asked)
    assert (asked.command, asked.seconds, asked.source) == (Command.SNOOZE, 720.0, Source.TYPED)
    assert plain("I\u2019m  UP!") == "i'm up"


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("easier", Command.EASIER),
        ("harder", Command.HARDER),
        ("longer", Command.MORE_TIME),
        ("shorter", Command.LESS_TIME),
    ],
)
def test_one_word_that_others_sound_like_is_understood_when_typed_alone(
    line: str, command: Command
) -> None:
    """Said in a session it takes three words; typed, one is enough."""
    typed = UNDERSTANDING.match(line, Context.SESSION, Source.TYPED)
    assert isinstance(typed, Asked)
    assert typed.command is command
    assert UNDERSTANDING.match(line, Context.SESSION) is None
    said = UNDERSTANDING.match(f"make it {line}", Context.SESSION)
    assert isinstance(said, Asked)
    assert said.command is command


def test_idle_needs_the_wake_phrase_in_every_phrase() -> None:
    assert all(p.startswith("hey coach") for p in UNDERSTANDING.phrases(Context.IDLE))


def test_several_wake_phrases_each_work() -> None:
    """The longer one first: "hey coach please" isn't "hey coach" with a rest."""
    two = Understanding(TEMPLATES, ["Hey Coach", "hey coach please", "ok captain"], ROUTINES)
    for said in ("hey coach stop", "ok captain stop", "hey coach please stop"):
        asked = two.match(said, Context.IDLE)
        assert isinstance(asked, Asked), said
        assert asked.command is Command.STOP


def test_no_phrase_is_said_twice_and_none_holds_figures() -> None:
    for context in Context:
        phrases = UNDERSTANDING.phrases(context)
        assert len(phrases) == len(set(phrases))
        assert not [p for p in phrases if any(letter.isdigit() for letter in p)]


def test_the_shipped_model_knows_every_word() -> None:
    """Of what is said where several people share one coach, too, but for their names."""
    known = {line.split()[0] for line in (shipped() / "graph/words.txt").read_text().splitlines()}
    for one, names in ((UNDERSTANDING, set()), (WITH_PEOPLE, {"maya"})):
        said = {word for c in Context for p in one.phrases(c) for word in p.split()}
        assert said - known == names - known


def test_the_shipped_model_knows_the_names_of_the_shipped_routines() -> None:
    """A routine that comes with the assistant can be started by each of its names."""
    from assistant.content.routine_reader import load

    known = {line.split()[0] for line in (shipped() / "graph/words.txt").read_text().splitlines()}
    library = load([TEMPLATES.parent])
    named = {w for r in library.routines.values() for n in r.spoken_names for w in n.split()}
    assert named, "no shipped routine was read"
    assert named - known == set()


def test_somebody_is_known_by_what_is_said_for_their_name(
    caplog: pytest.LogCaptureFixture,
) -> None:
    """And nobody is asked for a name where there are none: the sentence isn't listened for."""
    for said, person in (("this is maya", "mia"), ("this is a guest", "guest")):
        asked = WITH_PEOPLE.match(said, Context.QUESTION)
        assert isinstance(asked, Asked)
        assert (asked.command, asked.person) == (Command.THIS_IS, person)
    assert WITH_PEOPLE.match("this is mia", Context.QUESTION) is None
    for context in Context:
        assert Command.THIS_IS not in UNDERSTANDING.commands(context).values()
    Understanding(TEMPLATES, WAKE, ROUTINES)
    assert not caplog.records
    [told] = WITH_PEOPLE.explain_unknown(["maya"])
    assert "assistant people rename mia mia --spoken WORDS" in told


def test_unknown_words_are_explained_by_what_they_break() -> None:
    odd = Understanding(TEMPLATES, ["hey zork"], {"zumba": ["zumba hour"]})
    told = odd.explain_unknown(["zork", "zumba", "ouch"])
    assert len(told) == 3
    assert "hey zork" in told[0]
    assert "[wake]" in told[0]
    assert "zumba hour" in told[1]
    assert '"ouch"' in told[2]
    assert "commands.yaml" in told[2]
    assert not odd.can_wake(["zork"])
    assert UNDERSTANDING.can_wake(["zork"])


GOOD = 'language: en\nintents:\n  stop:\n    data:\n      - sentences: ["stop"]\n'
WHEN = "        requires_context: {situation: [session]}\n"


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("intents: [", "line"),
        ("- one", "intents:"),
        ("language: en\n", "intents:"),
        (GOOD.replace("stop:", "halt:") + WHEN, "'halt'"),
        (GOOD.replace("stop:", "press:") + WHEN, "'press'"),
        (GOOD.replace("stop:", "no:") + WHEN, '"no" in quotes'),
        (GOOD, "situation"),
        (GOOD + WHEN.replace("session", "sunday"), "sunday"),
        (GOOD.replace('["stop"]', "stop") + WHEN, "sentences"),
        (GOOD.replace('["stop"]', '["stop {thing}"]') + WHEN, "{thing}"),
        (GOOD.replace('["stop"]', '["stop <rule>"]') + WHEN, "rule"),
        (GOOD.replace('["stop"]', '["stop (now"]') + WHEN, "sentence"),
        (GOOD.replace('["stop"]', '["stop {minutes}"]') + WHEN, "minutes"),
        (GOOD.replace('["stop"]', '["' + "(a|b|c) " * 9 + '"]') + WHEN, "4000"),
        (GOOD + WHEN + "lists: 3\n", "understood"),
        (GOOD + "        slots: {weeks: 3}\n" + WHEN, "weeks"),
        (GOOD + "        slots: {minutes: many}\n" + WHEN, "a number"),
        (GOOD + "        slots: 3\n" + WHEN + "expansion_rules: {x: 3}\n", "expansion_rules"),
    ],
)
def test_a_bad_file_of_sentences_is_named_with_its_fault(
    tmp_path: Path, content: str, named: str
) -> None:
    path = tmp_path / "commands.yaml"
    path.write_text(content)
    with pytest.raises(AssistantError) as caught:
        Understanding(path, WAKE, ROUTINES)
    assert str(path) in str(caught.value)
    assert named in str(caught.value)
    assert caught.value.code == ExitCode.CONFIGURATION


def test_a_missing_or_unreadable_file_of_sentences_is_named(tmp_path: Path) -> None:
    binary = tmp_path / "commands.yaml"
    binary.write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "nothing.yaml", binary, tmp_path):
        with pytest.raises(AssistantError, match=path.name):
            Understanding(path, WAKE, ROUTINES)


NEXT = GOOD.replace("stop:", "next:")


@pytest.mark.parametrize(
    ("template", "said"),
    [
        ("do the push-up", ["do the push up"]),
        ("Skip it, please!", ["skip it please"]),
        ("what's that: again?", ["what's that again"]),
        ("skip … it.", ["skip it"]),
        ("don’t know", ["don't know"]),
        ("skip [it|]", ["skip", "skip it"]),
        ("(please;(skip|jump)) on", ["please skip on", "jump please on"]),
        ("skip{routine}now", ["skip desk break now"]),
    ],
)
def test_a_template_may_be_written_as_people_write(
    template: str, said: list[str], tmp_path: Path
) -> None:
    """Punctuation and hyphens are not spoken, so they don't keep a sentence from being heard."""
    path = tmp_path / "commands.yaml"
    path.write_text(NEXT.replace('["stop"]', f'["{template}"]') + WHEN)
    understanding = Understanding(path, WAKE, ROUTINES)
    for sentence in said:
        assert understanding.commands(Context.SESSION)[sentence] is Command.NEXT
        assert isinstance(understanding.match(sentence, Context.SESSION), Asked)


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("skip ()", "found () with nothing in it"),
        ("skip [ ]", "found [ ] with nothing in it"),
        ("skip (now|)", "write [now]"),
        ("skip (|now)", "write [now]"),
        ("skip (now||then)", "write [now]"),
        ("skip {}", "found {} with nothing in it"),
        ("", "no words"),
        ("...", "no words"),
        ("(skip;jump|leap)", "brackets of its own"),
        ("skip (now|please;then)", "brackets of its own"),
        ("skip (now", "never closed"),
        ("skip {seconds", "found { that is never closed"),
        ("skip seconds}", "found } without its {"),
        ("skip <i_am", "found < that is never closed"),
        ("skip <nothing>", "found <nothing>, expected one of: none"),
        ("skip now)", "without its ("),
    ],
)
def test_a_template_that_means_nothing_is_refused_with_its_line(
    template: str, told: str, tmp_path: Path
) -> None:
    path = tmp_path / "commands.yaml"
    path.write_text(NEXT.replace('["stop"]', f'["{template}"]') + WHEN)
    with pytest.raises(AssistantError) as caught:
        Understanding(path, WAKE, ROUTINES)
    assert told in str(caught.value)
    number = next(i for i, line in enumerate(path.read_text().splitlines(), 1) if template in line)
    assert f"line {number}: " in str(caught.value) or not template


OWN = """\
intents:
  next:
    data:
      - sentences: ["onwards <kindly>"]
        requires_context: {situation: [session]}
expansion_rules:
  kindly: "(please|my friend)"
"""


def test_a_person_s_own_sentences_come_on_top_of_the_shipped_ones(tmp_path: Path) -> None:
    own = tmp_path / "commands.yaml"
    understanding = Understanding(TEMPLATES, WAKE, ROUTINES, own)
    assert understanding.own_problem == "", "it need not be there"
    own.write_text(OWN)
    understanding = Understanding(TEMPLATES, WAKE, ROUTINES, own)
    phrases = understanding.commands(Context.SESSION)
    assert phrases["onwards my friend"] is phrases["skip it"] is Command.NEXT
    assert understanding.own_problem == ""
    assert isinstance(understanding.match("onwards please", Context.SESSION), Asked)


@pytest.mark.parametrize(
    "content",
    [
        OWN.replace("next:", "halt:"),
        OWN.replace("<kindly>", "()"),
        OWN.replace("<kindly>", "<nobody>"),
        OWN.replace("kindly", "i_am"),
        "5",
        "intents: {",
    ],
)
def test_a_slip_in_a_person_s_own_sentences_leaves_only_those_out(
    content: str, tmp_path: Path
) -> None:
    own = tmp_path / "commands.yaml"
    own.write_text(content)
    understanding = Understanding(TEMPLATES, WAKE, ROUTINES, own)
    assert str(own) in understanding.own_problem
    assert understanding.commands(Context.SESSION) == UNDERSTANDING.commands(Context.SESSION)


@pytest.mark.parametrize("typed", ["quiet for -5 minutes", "quiet for \u22125 minutes"])
def test_less_than_nothing_is_no_length(typed: str) -> None:
    assert not isinstance(UNDERSTANDING.match(typed, Context.AWAKE, Source.TYPED), Asked)
