"""`assistant journal`: what a person can do with the file in which everything is kept.

Decides what can be typed after it and what is printed. What happens to the file is decided in the
journal's room, which is only imported when it is needed.
"""

import sys
from argparse import SUPPRESS, ArgumentParser, Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.cli import common
from assistant.errors import AssistantError, ExitCode
from assistant.machine import places
from assistant.machine.whole_file import OWNER_ONLY, whole_file

if TYPE_CHECKING:
    from assistant.journal.store import Store

EVERYTHING = "forget everything"
"""What is typed to confirm it."""


def add(parser: ArgumentParser) -> None:
    common.example(parser, "assistant journal backup /media/stick/journal.sqlite3")
    common.add_person(parser)
    actions = parser.add_subparsers(dest="action", metavar="ACTION", title="actions")
    actions.add_parser("path", help="where it is kept")
    check = actions.add_parser("check", help="whether the file is whole")
    check.add_argument(
        "--repair", action="store_true", help="save what can be read; the old file is kept"
    )
    backup = actions.add_parser(
        "backup", help="a copy with your own routines and configuration, also while it runs"
    )
    backup.add_argument("file", metavar="FILE", help="where to")
    restore = actions.add_parser("restore", help="put a backup in its place; the old one is kept")
    restore.add_argument("file", metavar="FILE", help="a backup")
    restore.add_argument(
        "--journal-only", action="store_true", help="leave your routines and configuration alone"
    )
    restore.add_argument("--yes", action="store_true", help="don't ask before a file is replaced")
    forget = actions.add_parser("forget", help="remove a day, or everything, for good")
    what = forget.add_mutually_exclusive_group(required=True)
    what.add_argument("--day", metavar="YYYY-MM-DD", help="this day")
    what.add_argument("--everything", action="store_true", help="all there is")
    forget.add_argument("--yes", action="store_true", help="don't ask again")
    export = actions.add_parser("export", help="for other programs, columns explained")
    form = export.add_mutually_exclusive_group(required=True)
    form.add_argument("--json", metavar="FILE", help="one file, for `import`; - to print it")
    form.add_argument("--csv", metavar="FOLDER", help="a file for each table, for a spreadsheet")
    export.add_argument(
        "--decimal-comma",
        action="store_true",
        help="with --csv: 1,5 for 1.5 and ; between the columns, as many countries expect it",
    )
    imported = actions.add_parser("import", help="add what an export holds and isn't here yet")
    imported.add_argument("file", metavar="FILE.json", help="made by `export --json`")
    for action in actions.choices.values():
        common.add_person(action, default=SUPPRESS)  # before the action, or after it


def run(asked: Namespace) -> int:
    action = {
        None: _overview,
        "path": _path,
        "check": _check,
        "backup": _backup,
        "restore": _restore,
        "forget": _forget,
        "export": _export,
        "import": _import,
    }[asked.action]
    return action(asked)


@contextmanager
def _named(path: Path) -> Iterator[None]:
    """Say of which file it is true, and what to do about it."""
    from assistant.journal.store import Damaged, Unusable

    try:
        yield
    except Unusable as error:
        if str(path) in str(error):
            raise
        mend = "; try `assistant journal check --repair`" if isinstance(error, Damaged) else ""
        if path.exists() and not path.is_file():
            mend = "; move it away, and the next start makes a new one"
        raise AssistantError(f"{path}: {error}{mend}", code=error.code) from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        text = f"{error.filename or path} can't be read or written ({reason})"
        raise AssistantError(text, code=ExitCode.FILE_ACCESS) from None


@contextmanager
def _opened(asked: Namespace) -> Iterator["Store"]:
    from assistant.journal.store import open_store

    path = common.journal_of(asked)
    with _named(path), open_store(path, create=False) as store:
        yield store


# --- looking ----------------------------------------------------------------


def _path(asked: Namespace) -> int:
    print(common.journal_of(asked))
    return ExitCode.GOOD


def _overview(asked: Namespace) -> int:
    with _opened(asked) as store:
        sessions, exercises = (
            store.database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608
            for table in ("session", "exercise")
        )
        [reminders, first] = store.database.execute(
            "SELECT sum(due), (SELECT date(min(day) * 86400, 'unixepoch') FROM ("
            "SELECT day FROM session UNION ALL SELECT day FROM stand_day)) FROM stand_day"
        ).fetchone()
    megabytes = common.journal_of(asked).stat().st_size / 1e6
    print(f"{common.journal_of(asked)} ({megabytes:.1f} MB)")
    since = f" since {first}" if first else ""
    print(f"{sessions} sessions, {exercises} exercises, {reminders or 0} reminders{since}")
    return ExitCode.GOOD


def _check(asked: Namespace) -> int:
    from assistant.journal import upkeep

    path = common.journal_of(asked)
    with _named(path):
        findings = upkeep.check(path)
        if not findings:
            print(f"{path} is whole.")
            return ExitCode.GOOD
        for finding in findings:
            print(f"{path}: {finding}")
        if not asked.repair:
            print("`assistant journal check --repair` saves what can be read.")
            return ExitCode.FILE_ACCESS
        with common.alone():
            rescued = upkeep.repair(path)
    saved = ", ".join(f"{count} {table}" for table, count in rescued.rows.items() if count)
    print(f"Saved: {saved or 'nothing could be read'}.")
    if rescued.gaps:
        print(f"Some rows could not be read: {', '.join(rescued.gaps)}.")
    print(f"The damaged file is kept: {rescued.aside}")
    return ExitCode.GOOD


# --- backup and restore -----------------------------------------------------


def _backup(asked: Namespace) -> int:
    from assistant.journal.backup import backup

    to = Path(asked.file)
    with _named(common.journal_of(asked)), _progress("backup") as progress:
        if not to.parent.is_dir():
            raise AssistantError(f"there is no folder {to.parent}", code=ExitCode.FILE_ACCESS)
        files = backup(common.journal_of(asked), to, places.config_folder(), progress)
    print(f"Backed up to {to} ({to.stat().st_size / 1e6:.1f} MB).")
    for name in files:
        print(f"With {places.config_folder() / name}")
    for name in common.others(asked):
        print(f"Not in it: assistant journal --person {name} backup FILE")
    return ExitCode.GOOD


def _restore(asked: Namespace) -> int:
    from assistant.journal.backup import contents, replaced, restore
    from assistant.journal.store import Unusable

    source = Path(asked.file)
    if not source.is_file():
        raise AssistantError(
            f"there is no file {source}; name one that `assistant journal backup` wrote",
            code=ExitCode.FILE_ACCESS,
        )
    with common.alone():
        try:
            files = {} if asked.journal_only else contents(source)
            if not asked.yes:
                _confirm_replacing(replaced(files, places.config_folder()))
            done = restore(common.journal_of(asked), files, source, places.config_folder())
        except Unusable as error:
            told = str(error) if str(source) in str(error) else f"{source}: {error}"
            raise AssistantError(f"{told}; nothing was changed", code=error.code) from None
    print(f"Restored from {source}.")
    print("The safety questions are asked again before the next longer routine.")
    for path in done.files:
        print(f"Written: {path}")
    if done.journal_kept is not None:
        print(f"The journal that was there is kept: {done.journal_kept}")
    for path in done.files_kept:
        print(f"The file that was there is kept: {path}")
    return ExitCode.GOOD


def _confirm_replacing(paths: list[Path]) -> None:
    if not paths:
        return
    listed = "\n".join(f"  {path}" for path in paths)
    if not sys.stdin.isatty():
        raise AssistantError(
            f"these files are other ones in the backup:\n{listed}\nadd --yes to have them replaced"
            " (they are kept beside the new ones), or --journal-only; nothing was changed",
            code=ExitCode.COMMAND_LINE,
        )
    print(f"These files are other ones in the backup, and give way to it:\n{listed}")
    print("They are kept beside the new ones.")
    if input('Type "replace" to go on: ').strip().lower() != "replace":
        raise AssistantError("nothing was changed", code=ExitCode.COMMAND_LINE)


# --- forgetting -------------------------------------------------------------


def _forget(asked: Namespace) -> int:
    from assistant.journal import upkeep

    day = _day(asked.day) if asked.day is not None else None
    with _opened(asked) as store:
        if day is None and not asked.yes:
            _confirm()
        count = upkeep.forget(store, day)
    what = f"{count} rows" if count != 1 else "1 row"
    print(f"Forgotten: {what}." if count else "There was nothing to forget.")
    for copy in upkeep.copies(common.journal_of(asked)):
        print(f"An older copy is still there; delete it if you like: {copy}")
    return ExitCode.GOOD


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise AssistantError(
            f"--day: expected a date such as 2026-11-23, found {text!r}",
            code=ExitCode.COMMAND_LINE,
        ) from None


def _confirm() -> None:
    if not sys.stdin.isatty():
        raise AssistantError("nobody is here to confirm it; add --yes", code=ExitCode.COMMAND_LINE)
    print("Every session, reminder and answer goes, for good.")
    if input(f'Type "{EVERYTHING}": ').strip().lower() != EVERYTHING:
        raise AssistantError("nothing was forgotten", code=ExitCode.COMMAND_LINE)


# --- export and import ------------------------------------------------------


def _export(asked: Namespace) -> int:
    from assistant.journal import exporting

    now = datetime.now().astimezone()
    if asked.decimal_comma and asked.csv is None:
        raise AssistantError("--decimal-comma goes with --csv", code=ExitCode.COMMAND_LINE)
    if asked.json == "-":
        with _opened(asked) as store:
            exporting.to_json(store, sys.stdout, now)
        return ExitCode.GOOD
    with _opened(asked) as store:
        if asked.csv is not None:
            folder = Path(asked.csv)
            count = exporting.to_csv(store, folder, decimal_comma=asked.decimal_comma)
        else:
            # For one person's eyes.
            with (
                whole_file(Path(asked.json), OWNER_ONLY) as part,
                part.open("w", encoding="utf-8") as file,
            ):
                count = exporting.to_json(store, file, now)
    print(f"Exported {count} rows to {asked.csv or asked.json}.")
    return ExitCode.GOOD


def _import(asked: Namespace) -> int:
    import json

    from assistant.journal import importing
    from assistant.journal.store import open_store

    path = Path(asked.file)
    try:
        content = path.read_bytes()
        text = content.decode(json.detect_encoding(content))  # editors save as UTF-16, too
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no text"
        text = f"{path} can't be read ({str(reason).lower()})"
        raise AssistantError(text, code=ExitCode.FILE_ACCESS) from None
    with (
        _named(common.journal_of(asked)),
        open_store(common.journal_of(asked)) as store,
        _progress("import") as progress,
    ):
        try:
            taken = importing.from_json(store, text, progress)
        except importing.BadImport as error:
            lines = "\n".join(f"{path}: {line}" for line in str(error).splitlines())
            raise AssistantError(f"{lines}\nnothing was imported", code=error.code) from None
    print(f"Added {taken.added} rows; {taken.known} were here already.")
    return ExitCode.GOOD


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """How far a long job is, on a terminal."""
    shown = False

    def show(done: int, total: int) -> None:
        nonlocal shown
        if sys.stderr.isatty() and total:
            shown = True
            print(f"\r{what}: {100 * done // total} %", end="", file=sys.stderr, flush=True)

    try:
        yield show
    finally:
        if shown:
            print(file=sys.stderr)
