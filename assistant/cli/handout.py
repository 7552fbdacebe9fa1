"""`assistant handout`: a routine on paper, to give away or to hang up.

Decides which routine is meant, whether it is fitted to who asks, and where it goes. What stands on
the sheet is the content's; what suits somebody, the coach's.
"""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli import common, which_routine
from assistant.errors import AssistantError, ExitCode
from assistant.machine.whole_file import ANYBODY, OWNER_ONLY, write_whole

if TYPE_CHECKING:
    from assistant.coach.effects import Remembered
    from assistant.coach.events import Health
    from assistant.content.types import Routine


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant handout lower-back-gentle --html for-the-fridge.html")
    parser.add_argument(
        "routine", metavar="ROUTINE|FILE.toml", nargs="?", help="its name, or its file"
    )
    parser.add_argument(
        "--for-me",
        action="store_true",
        help="as it would be led to you now; without a ROUTINE your usual one",
    )
    parser.add_argument(
        "--html",
        metavar="FILE",
        type=common.written_as(".html", ".htm"),
        help="write a sheet to print, with figures",
    )
    common.add_config(parser)
    common.add_person(parser)


def run(asked: Namespace) -> int:
    from assistant.content import handout

    if asked.routine is None and not asked.for_me:
        raise AssistantError(
            "handout: which routine? Name one (`assistant routines` lists them), or add --for-me",
            code=ExitCode.COMMAND_LINE,
        )
    if asked.person and not asked.for_me:
        raise AssistantError(
            "handout: --person says to whom it is fitted; add --for-me",
            code=ExitCode.COMMAND_LINE,
        )
    routine = _for_me(asked) if asked.for_me else which_routine.routine(asked.routine)
    if asked.html is None:
        print("\n".join(handout.lines(routine)))
        return ExitCode.GOOD
    today = date.today()
    when = f"As of {today.day} {today:%B %Y}."
    content = handout.html(routine, when).encode()
    write_whole(Path(asked.html), content, OWNER_ONLY if asked.for_me else ANYBODY)
    much = which_routine.exercises(len(routine.items))
    print(f"{asked.html}: {routine.name}, {much}, {max(1, round(len(content) / 1000)):,} kB")
    return ExitCode.GOOD


def _for_me(asked: Namespace) -> "Routine":
    """A routine as the coach would lead it now: what doesn't suit is left out, and the rest made as
    light as it has to be."""
    from assistant.coach.fitting import fitted
    from assistant.coach.step import begin
    from assistant.coach.turn import Turn
    from assistant.config.for_coach import settings_for
    from assistant.content.words import listing

    config, known = common.settings_of(asked), common.library()
    health, remembered = _known_of(common.journal_of(asked))
    # Paper asks nobody how much it hurts today; it says for which days it is.
    settings = replace(
        settings_for(config, known, once=False),
        health=health,
        remembered=remembered,
        ask_pain=False,
    )
    turn = Turn(begin(settings, 0.0)[0])
    routine = which_routine.pick(asked.routine or turn.there(config.session.routine), known)
    suited = fitted(turn, routine.id).routine
    if not suited.items:
        raise AssistantError(
            f"nothing of {routine.id} would be led to you now; start it once: it asks the "
            "safety questions first, and says why",
            code=ExitCode.UNKNOWN_ROUTINE,
        )
    ids = {item.exercise.id for item in suited.items}
    if missing := [item.exercise.name for item in routine.items if item.exercise.id not in ids]:
        print(f"Left out or exchanged, as when it is led to you: {listing(missing)}.")
    return suited


def _known_of(file: Path) -> tuple["Health", "Remembered"]:
    """What was told of the back and is wanted; where that can't be read, the cautious answer. "Not
    on the floor today" that was said on another day is over."""
    import sqlite3

    from assistant.coach.effects import Remembered
    from assistant.coach.events import Health
    from assistant.journal.health import health
    from assistant.journal.row_time import Clock
    from assistant.journal.store import Unusable, open_store

    if not file.exists():
        return Health(), Remembered()
    try:
        with open_store(file, create=False) as store:
            told, remembered = health(store.database, Clock().now()), store.remembered()
    except (Unusable, sqlite3.Error):
        return Health(unknown=True), Remembered()
    wanted = remembered.wanted
    if wanted.no_floor_day not in (0, (date.today() - date(1970, 1, 1)).days):
        remembered = replace(remembered, wanted=replace(wanted, no_floor_day=None))
    return told, remembered
