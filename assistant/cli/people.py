"""`assistant people`: who exercises here, each with a journal of their own.

Decides what can be typed after it and what is printed. What a name may be is decided in the
configuration's room, whose file is whose in the journal's.
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli import common
from assistant.errors import AssistantError, ExitCode

if TYPE_CHECKING:
    from assistant.config import Config
    from assistant.config.household import Named


def add(parser: ArgumentParser) -> None:
    common.example(parser, 'assistant people add Mia --spoken "maya"')
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    actions.add_parser("list", help="who there is (as without an action)")
    new = actions.add_parser("add", help="somebody; the first one has the desk, and what is kept")
    rename = actions.add_parser("rename", help="another name; all that is theirs stays theirs")
    rename.add_argument("old", metavar="OLD", help="as they are called here now")
    for one in (new, rename):
        one.add_argument("name", metavar="NAME", help="what they are called")
        one.add_argument(
            "--spoken",
            metavar="WORDS",
            action="append",
            help="what is said for the name, in lower-case words; may be given several times",
        )
    remove = actions.add_parser("remove", help="somebody, with all that is kept of them")
    remove.add_argument("name", metavar="NAME")
    remove.add_argument("--yes", action="store_true", help="don't ask again")
    actions.add_parser("who", help="who the running assistant takes to be there")
    common.add_config(parser)


def run(asked: Namespace) -> int:
    {"add": _add, "rename": _rename, "remove": _remove, "who": _who}.get(asked.action, _list)(asked)
    return ExitCode.GOOD


def _list(asked: Namespace) -> None:
    people = _everybody(common.settings_of(asked))
    if not people:
        print("Nobody is told apart. `assistant people add NAME` begins with whose desk it is.")
        return
    rows = [
        (one.name, ", ".join(f"this is {said}" for said in one.spoken), "the desk's" * (not place))
        for place, one in enumerate(people)
    ]
    print(common.columns([("NAME", "SAID", ""), *rows]))


def _who(asked: Namespace) -> None:
    from assistant.coach.events import GUEST
    from assistant.config import household
    from assistant.journal.row_time import Clock
    from assistant.journal.store import open_store
    from assistant.machine import places
    from assistant.machine.single_instance import holder

    config = common.settings_of(asked)
    if holder(places.writable_folders()) is None:
        print("The assistant isn't running.")
        return
    there = household.owner(config)
    if there:
        with open_store(_file(config, there), create=False) as store:
            there = store.who(Clock().now()) or household.stranger(config)
    names = {one.id: one.name for one in _everybody(config)}
    print("a guest" if there == GUEST else names.get(there, "Nobody is told apart."))


# --- changing -----------------------------------------------------------------


def _add(asked: Namespace) -> None:
    from assistant.config import household

    config = common.settings_of(asked)
    new, people = _named(asked), _everybody(config)
    _check(asked, new, people)
    _write(asked, (*people, new))
    print(f'{new.name} is here: say "this is {new.spoken[0]}".')
    if not people:
        print(f"It is {new.name}'s desk, and what was kept so far is {new.name}'s.")
    elif (there := _file(config, household.id_of(new.name))).exists():
        print(f"What was kept of {new.name} before is there still: {there}")
    _tell_when(asked)


def _rename(asked: Namespace) -> None:
    from assistant.config import household
    from assistant.journal.database_files import move_aside

    config = common.settings_of(asked)
    new, old, people = _named(asked), household.find(config, asked.old), _everybody(config)
    _check(asked, new, [one for one in people if one != old])
    before = _file(config, old.id)
    changed = tuple(new if one == old else one for one in people)
    after = _file_of(new.id, changed[0].id)
    voice, renamed = _voice(old.id), _voice(new.id)
    with common.alone():
        for what, here, there in (("journal", before, after), ("voice", voice, renamed)):
            if there != here and there.exists():
                raise AssistantError(
                    f"there is a {what} of a {new.name} already: {there}; move it elsewhere "
                    "first; nothing was changed",
                    code=ExitCode.FILE_ACCESS,
                )
        if after != before and before.exists():
            after.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            move_aside(before, after)
        if voice.exists():
            voice.replace(renamed)
        _write(asked, changed)
    print(f'{old.name} is {new.name} now: say "this is {new.spoken[0]}".')


def _remove(asked: Namespace) -> None:
    from assistant.config import household
    from assistant.hearing import taught
    from assistant.journal.database_files import remove
    from assistant.journal.upkeep import copies
    from assistant.machine import places
    from assistant.machine.cache import empty_cache

    config = common.settings_of(asked)
    one, people = household.find(config, asked.name), _everybody(config)
    rest = tuple(other for other in people if other != one)
    if one == people[0] and rest:
        names = ", ".join(other.name for other in rest)
        raise AssistantError(
            f"it is {one.name}'s desk; remove the others first ({names}), or give the desk another "
            f"name with `assistant people rename {one.name} NAME`",
            code=ExitCode.COMMAND_LINE,
        )
    if not asked.yes:
        _confirm(one)
    file = _file(config, one.id)
    with common.alone():
        _write(asked, rest)
        for path in (file, *copies(file)):
            remove(path)
        for path in taught.files_of(places.state_folder(), [other.id for other in people], one.id):
            path.unlink(missing_ok=True)
        empty_cache()  # by what sentences they were named
        if rest:
            _forget_visits(_file(config, people[0].id), one.id)
    print(f"{one.name} is gone, and all that was kept of {one.name}.")


def _forget_visits(file: Path, person: str) -> None:
    """That they were here stands with whose desk it is."""
    from assistant.journal.store import open_store

    if not file.exists():
        return
    with open_store(file, create=False) as store, store.change() as database:
        for table in ("note", "old_count"):
            sql = f"DELETE FROM {table} WHERE kind = 'person' AND name = ?"  # noqa: S608
            database.execute(sql, (person,))


def _confirm(one: "Named") -> None:
    if not sys.stdin.isatty():
        raise AssistantError(
            f"every session and answer of {one.name} would be gone for good, and nobody is here to "
            "confirm it; add --yes",
            code=ExitCode.COMMAND_LINE,
        )
    print(f"Every session, answer and level of {one.name} goes, for good.")
    if input(f'Type "{one.name}" to go on: ').strip().lower() != one.name.lower():
        raise AssistantError("nothing was changed", code=ExitCode.COMMAND_LINE)


# --- what is asked for, and where it goes ---------------------------------------


def _everybody(config: "Config") -> tuple["Named", ...]:
    from assistant.config import household

    return household.everybody(config)


def _file(config: "Config", person: str) -> Path:
    from assistant.config import household

    return _file_of(person, household.owner(config))


def _file_of(person: str, owner: str) -> Path:
    from assistant.journal.journals import file_of
    from assistant.machine import places

    return file_of(person, owner, places.journal_file())


def _voice(person: str) -> Path:
    from assistant.hearing import taught
    from assistant.machine import places

    return taught.path_of(places.state_folder(), person)


def _named(asked: Namespace) -> "Named":
    from assistant.config import household

    said = f": {', '.join(asked.spoken)}" if asked.spoken else ""
    try:
        return household.read(f"{asked.name}{said}")
    except ValueError as error:
        raise AssistantError(
            f'"{asked.name}{said}": expected {error}; name other words with --spoken WORDS',
            code=ExitCode.COMMAND_LINE,
        ) from None


def _check(asked: Namespace, new: "Named", others: Sequence["Named"]) -> None:
    """Raises AssistantError where somebody is called so already, or the model can't hear it."""
    from assistant.cli.models import unknown_words
    from assistant.config import household
    from assistant.hearing import models

    _, taken = household.clash((*others, new))
    if taken:
        raise AssistantError(
            f'"{taken}" is somebody\'s here already; take another name, or other words for it with '
            "--spoken WORDS",
            code=ExitCode.COMMAND_LINE,
        )
    model = models.find(common.settings_of(asked).hearing.model)
    if unknown := unknown_words(model, new.spoken):
        words = ", ".join(f'"{word}"' for word in unknown)
        raise AssistantError(
            f"the speech model {model.name} doesn't know {words}; say the name with other words "
            "that sound like it: --spoken WORDS (`assistant models words WORD` tells which it knows"
            "); or fetch a larger model with `assistant models fetch`",
            code=ExitCode.COMMAND_LINE,
        )


def _write(asked: Namespace, people: Sequence["Named"]) -> None:
    from assistant.config import config_editing
    from assistant.machine import places

    file = common.config_file(asked) or places.config_file()
    owner, others = [str(one) for one in people[:1]], [str(one) for one in people[1:]]
    wishes = [("people", "owner", owner or None), ("people", "others", others or None)]
    config_editing.change_all(file, wishes)


def _tell_when(asked: Namespace) -> None:
    from assistant.cli.config import when_it_holds
    from assistant.machine import places

    print(when_it_holds(common.config_file(asked) or places.config_file()))
