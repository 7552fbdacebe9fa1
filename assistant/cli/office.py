"""`assistant office`: the office's side, from its folder, and what a desk takes, leaves or refuses.

Decides what can be typed after it and what is printed. What lies in the office's folder, who is
summed with whom and what a desk keeps, the office's room knows; the broker's side of the commands
is in `office_broker`.
"""

import shutil
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli import common
from assistant.cli.config import when_it_holds
from assistant.errors import AssistantError, ExitCode
from assistant.machine import places
from assistant.machine.whole_file import OWNER_ONLY, write_whole

if TYPE_CHECKING:
    from assistant.config import Config
    from assistant.office.handed_out import Kept

PASSWORD = "office.password"  # noqa: S105 - the name of a file
AUTHORITY = "office-ca.pem"


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant office join sales-1.json")
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")

    def action(name: str, about: str) -> ArgumentParser:
        made: ArgumentParser = actions.add_parser(
            name, help=about, description=f"{about[0].upper()}{about[1:]}."
        )
        return made

    for name, about in (
        ("setup", "for the office: keys, the broker's files, and a file for each desk"),
        ("publish", "for the office: sign and hand out what is in the folder, and make groups"),
        ("board", "for the office: who is there, what has arrived, and the sums of the weeks"),
    ):
        made = action(name, about)
        made.add_argument("folder", metavar="FOLDER", help="the office's own folder")
    made.add_argument("--once", action="store_true", help="print it once, and end")
    join = action("join", "for a desk: belong to the office that wrote this file")
    join.add_argument("file", metavar="DESK.json", help="from `assistant office setup`")
    offered = action("offered", "for a desk: what the office handed out and suggests")
    take = action("take", "for a desk: take over the hours that the office suggests")
    take.add_argument("--team", action="store_true", help="those for the team, not those for all")
    refuse = action("refuse", "for a desk: don't have a routine of the office")
    accept = action("accept", "for a desk: have it again")
    for made in (refuse, accept):
        made.add_argument("routine", metavar="ROUTINE", help="as `offered` lists it")
    leave = action("leave", "for a desk: belong to it no more, and have it forget this desk")
    parser.set_defaults(config=None)
    for made in (join, offered, take, refuse, accept, leave):
        common.add_config(made)


def run(asked: Namespace) -> int:
    match asked.action:
        case "setup":
            return _set_up(Path(asked.folder))
        case "publish" | "board":
            from assistant.cli import office_broker

            folder = Path(asked.folder)
            if asked.action == "publish":
                return office_broker.publish(folder)
            return office_broker.show(folder, once=asked.once)
        case "join":
            return _join(asked)
        case "leave":
            return _leave(asked)
        case "take":
            return _take(asked)
        case "refuse" | "accept":
            return _refuse(asked)
        case _:
            return _offered(asked)


# --- the office -------------------------------------------------------------


def _set_up(folder: Path) -> int:
    from assistant.office import office_folder

    if not (folder / office_folder.DESKS).exists():
        write_whole(folder / office_folder.DESKS, office_folder.EXAMPLE.encode(), make_folder=True)
        print(
            f"{folder / office_folder.DESKS} is written: put your broker and your desks there, "
            "and run this again."
        )
        return ExitCode.GOOD
    found = office_folder.set_up(folder)
    count = len(found.teams)
    print(
        f"Set up for {count} {'desk' if count == 1 else 'desks'}; "
        f"they look for the broker at {found.broker.host}, port {found.broker.port}.\n"
        f"  {folder / 'broker'}: for the broker. In /etc/mosquitto, rights and passwords go into\n"
        "    the folder office, which belongs to mosquitto, and office.conf into conf.d; then\n"
        "    sudo systemctl restart mosquitto\n"
        f"  {folder / 'desks'}: a file for each desk, which holds its password. There:\n"
        "    assistant office join DESK.json\n"
        f"  {folder / office_folder.KEY}: signs what is handed out. Keep it secret, and a copy of "
        "it."
    )
    return ExitCode.GOOD


# --- a desk -----------------------------------------------------------------


def _join(asked: Namespace) -> int:
    from assistant import config as configuration
    from assistant.config import config_editing
    from assistant.office.handed_out import clear
    from assistant.office.office_folder import invitation

    found = invitation(Path(asked.file))
    file = common.config_file(asked) or places.config_file()
    password = file.absolute().parent / PASSWORD
    write_whole(password, f"{found.password}\n".encode(), OWNER_ONLY, make_folder=True)
    authority = password.with_name(AUTHORITY)
    if found.authority:
        write_whole(authority, found.authority.encode())
    said = {
        "host": [found.host],
        "port": [str(found.port)],
        "tls": ["true" if found.tls else "false"],
        "ca_file": [str(authority)] if found.authority else None,
        "desk": [found.desk],
        "password_file": [str(password)],
        "key": [found.key],
        "team": [found.team],
        "on": ["true"],
    }
    before = configuration.load_usable(file)[0].office.key if file.exists() else ""
    config_editing.change_all(file, [("office", key, words) for key, words in said.items()])
    for folder in places.office_folders() if before not in ("", found.key) else ():
        clear(folder)  # another office's
    if password.is_relative_to("/etc"):  # the machine's own service, which another user runs
        with suppress(LookupError):
            shutil.chown(password, group=places.NAME)
            password.chmod(0o640)
    print(
        f"This desk is now {found.desk}, in the team {found.team}.\n"
        "The office sees whether it is on, counted with others, and which version of its routines\n"
        "lies here. It never sees your breaks, your pain or your answers. If you like:\n"
        "  assistant config set office.sums true     your weeks count in sums of five or more\n"
        "  assistant config set office.name NAME     its board shows you by this name\n"
        "  assistant office leave                    you belong to no office any more"
    )
    print(when_it_holds(file))
    return ExitCode.GOOD


def _leave(asked: Namespace) -> int:
    from assistant.config import config_editing
    from assistant.office.handed_out import clear

    config = common.settings_of(asked)
    if not config.office.on:
        raise AssistantError(
            "this desk belongs to no office; `assistant office join DESK.json` joins one",
            code=ExitCode.CONFIGURATION,
        )
    file = common.config_file(asked) or places.config_file()
    with common.alone():
        config_editing.change(file, "office", "on", ["false"])
        for folder in places.office_folders():
            clear(folder)
        print("This desk belongs to no office any more.")
        _say_goodbye(config)
    return ExitCode.GOOD


def _say_goodbye(config: "Config") -> None:
    from assistant.cli import office_broker

    try:
        office_broker.say_goodbye(config)
    except AssistantError as error:
        print(f"The office couldn't be told, and still knows it by its name ({error}).")
        print("Ask whoever looks after the office to take it out of desks.toml.")
    else:
        print("The office's broker has forgotten its name and its weeks.")


def _kept(team: str) -> "dict[str, tuple[Path, Kept]]":
    """What lies at this desk, for "all" and for "team"; not what a former team left there."""
    from assistant.office.handed_out import kept_in

    found = ((folder, kept_in(folder)) for folder in places.office_folders())
    return {
        folder.name: (folder, kept)
        for folder, kept in found
        if kept is not None and kept.handed.audience in ("", team)
    }


def _offered(asked: Namespace) -> int:
    office = common.settings_of(asked).office
    kept = _kept(office.team)
    rows = [("ROUTINE", "FROM", "")]
    for folder, one in kept.values():
        handed = one.handed
        whom = f"the office, to the team {handed.audience}" if handed.audience else "the office"
        for name in handed.routines:
            state = "led" if (folder / f"{name}.toml").exists() else "not led"
            if name in one.left_out:
                state = f"left out: {one.left_out[name]}"
            elif name in office.refused:
                state = "refused"
            rows.append((name, whom, state))
    print(common.columns(rows) if len(rows) > 1 else "The office has handed out no routine here.")
    for name, (_, one) in kept.items():
        if one.handed.suggestion.strip():
            flag = " --team" if name == "team" else ""
            print(f"\nIt suggests, and `assistant office take{flag}` takes it over:\n")
            print("".join(c for c in one.handed.suggestion if c.isprintable() or c == "\n").strip())
    return ExitCode.GOOD


def _take(asked: Namespace) -> int:
    from assistant.config import config_editing
    from assistant.office.suggestion import suggested

    name = "team" if asked.team else "all"
    kept = _kept(common.settings_of(asked).office.team)
    if name not in kept or not kept[name][1].handed.suggestion.strip():
        other = "" if asked.team else "; perhaps to your team: add --team"
        raise AssistantError(f"the office suggests nothing{other}", code=ExitCode.CONFIGURATION)
    file = common.config_file(asked) or places.config_file()
    found = suggested(kept[name][1].handed.suggestion)
    wishes = [
        (table, key, [value if type(value) is str else config_editing.toml(value)])
        for table, key, value in found
    ]
    config_editing.change_all(file, wishes)
    for table, key, value in found:
        print(f"{table}.{key} = {config_editing.toml(value)}")
    print(when_it_holds(file))
    return ExitCode.GOOD


def _refuse(asked: Namespace) -> int:
    from assistant.config import config_editing
    from assistant.office.handed_out import lay_out

    office = common.settings_of(asked).office
    kept = _kept(office.team).values()
    names = [name for _, one in kept for name in one.handed.routines]
    if asked.action == "refuse" and asked.routine not in names:
        there = ", ".join(names) or "none"
        raise AssistantError(
            f'the office has handed out no "{asked.routine}"; there are: {there}',
            code=ExitCode.UNKNOWN_ROUTINE,
        )
    if asked.action == "accept" and asked.routine not in office.refused:
        there = ", ".join(office.refused) or "none"
        raise AssistantError(
            f'you have refused no "{asked.routine}"; of what you have refused there are: {there}',
            code=ExitCode.UNKNOWN_ROUTINE,
        )
    refused = set(office.refused) - {asked.routine}
    if asked.action == "refuse":
        refused.add(asked.routine)
    file = common.config_file(asked) or places.config_file()
    config_editing.change(file, "office", "refused", [config_editing.toml(tuple(sorted(refused)))])
    for folder, one in kept:
        lay_out(folder, one.handed.audience, refused)
    done = "won't be led any more" if asked.action == "refuse" else "can be led again"
    print(f"{asked.routine} {done}. The office isn't told.\n{when_it_holds(file)}")
    return ExitCode.GOOD
