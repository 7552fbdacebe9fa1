"""`assistant config`: the whole configuration to read or to save, and one key of it to change.

Decides how a key and its value are typed and printed, and what makes a change hold. What the keys
are, and what they may be, the configuration's room knows.
"""

from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli import common
from assistant.errors import AssistantError, ExitCode
from assistant.machine import places

if TYPE_CHECKING:
    from assistant.config import Config


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant config set reminder.sit_min 30")
    parser.add_argument("--path", action="store_true", help="only the path of your own file")
    common.add_config(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    get = actions.add_parser("get", help="the value of one key")
    get.add_argument("key", metavar="TABLE.KEY", help="such as voice.volume")
    put = actions.add_parser("set", help="change one key in your file, and nothing else")
    put.add_argument("key", metavar="TABLE.KEY", help="such as voice.volume")
    put.add_argument("value", metavar="VALUE", nargs="+", help="its value; for a list, all of it")
    unset = actions.add_parser("unset", help="take one key out of your file: its default holds")
    unset.add_argument("key", metavar="TABLE.KEY", help="such as voice.volume")


def run(asked: Namespace) -> int:
    from assistant.config import config_editing

    match asked.action:
        case "get":
            table, key = _known(asked.key)
            value = getattr(getattr(common.settings_of(asked), table), key)
            print(value if isinstance(value, str) else config_editing.toml(value))
        case "set" | "unset":
            _change(asked)
        case _ if asked.path:
            print(asked.config or places.config_file())
        case _:
            print(config_editing.as_toml(common.settings_of(asked)), end="")
    return ExitCode.GOOD


def _known(name: str) -> tuple[str, str]:
    """Table and key. Raises AssistantError (code 2) for a name that is none."""
    from assistant.config.keys import names
    from assistant.content.toml_reader import nearest

    table, _, key = name.partition(".")
    if name in names():
        return table, key
    # Whoever knows the key alone is told its table.
    guess = next((one for one in names() if one.endswith(f".{name}")), "") or nearest(name, names())
    hint = f"did you mean {guess}?" if guess else "`assistant config` prints all there are"
    raise AssistantError(f'there is no key "{name}"; {hint}', code=ExitCode.COMMAND_LINE)


def _change(asked: Namespace) -> None:
    from assistant.config import config_editing, load_usable
    from assistant.config.pin_functions import shared_pins

    table, key = _known(asked.key)
    file = common.config_file(asked) or places.config_file()
    words = asked.value if asked.action == "set" else None
    config_editing.change(file, table, key, words, lambda config: _objection(config, table, key))
    config, _ = load_usable(file)
    print(f"{asked.key} = {config_editing.toml(getattr(getattr(config, table), key))}")
    if table in ("panel", "presence"):
        for part, pin, function in shared_pins(config):
            print(f"GPIO {pin} ({part}) is also for {function}: with a HAT, take another pin.")
    if heard := _by_voice(asked.key, config):
        print(heard)
    print(when_it_holds(file))


def _objection(config: "Config", table: str, key: str) -> str:
    """Why a well-formed value would be left out at the next start: a routine that there isn't, a
    wake phrase that is too short or part of a command."""
    from assistant.config import checks, household
    from assistant.config.all_routines import usable
    from assistant.machine.places import routine_folders

    if (table, key) == ("hearing", "model"):
        from assistant.hearing import models

        try:
            models.find(config.hearing.model)
        except AssistantError as error:
            return str(error)
    if table not in ("wake", "session", "reminder", "plan"):
        return ""
    known, _ = usable(routine_folders(places.config_folder()))
    unknown = checks.unknown_routines(config, known.routines)
    for name in [name for *place, name in unknown if place == [table, key]]:
        return f'there is no routine "{name}"; `assistant routines` lists those that there are'
    if table == "wake":
        from assistant.hearing.understand import unusable_phrases

        spoken = {routine.id: routine.spoken_names for routine in known.routines.values()}
        wrong = unusable_phrases(config.wake.phrases, spoken, household.spoken(config))
        for phrase, why in wrong.items():
            return f'the wake phrase "{phrase}" can\'t be used: {why}'
    return ""


def _by_voice(name: str, config: "Config") -> str:
    """What the owner asked for by voice and goes before what was just written; empty: nothing, or
    that can't be read now."""
    import sqlite3

    from assistant.cli.by_voice import heard_before
    from assistant.config import household
    from assistant.journal.journals import file_of
    from assistant.journal.store import Unusable, open_store

    owner = household.owner(config)
    file = file_of(owner, owner, places.journal_file())
    with suppress(Unusable, sqlite3.Error), open_store(file, create=False) as store:
        return heard_before(name, config, store.remembered().wanted)
    return ""


def when_it_holds(file: Path) -> str:
    """A running assistant goes on with what it began with."""
    from assistant.machine.single_instance import holder, how_to_restart

    if file.is_relative_to("/etc"):  # the machine's own service, which another user runs
        return f"It holds after: sudo systemctl restart {places.NAME}"
    pid = holder(places.writable_folders())
    if pid is None:
        return "It holds from the next start."
    return f"The running assistant takes it over after: {how_to_restart(pid)}"
