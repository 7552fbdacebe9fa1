"""`assistant journal`, as a person uses it: plain words, exit codes, nothing lost."""

import json
import os
import pty
import re
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from assistant.coach.effects import Record
from assistant.journal.row_time import Moment
from assistant.journal.schema import SCHEMA_VERSION
from assistant.journal.store import open_store
from assistant.machine.single_instance import only_instance

DAY = 20_500
ISO_DAY = date.fromordinal(date(1970, 1, 1).toordinal() + DAY).isoformat()


@dataclass(frozen=True)
class Home:
    """A person's folders, and the command in them."""

    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state" / "exercise-assistant"

    @property
    def path(self) -> Path:
        return self.state / "journal.sqlite3"

    @property
    def environment(self) -> Mapping[str, str]:
        return os.environ | {
            "XDG_STATE_HOME": str(self.folder / "state"),
            "XDG_CONFIG_HOME": str(self.folder / "config"),
        }

    def __call__(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "assistant", "journal", *map(str, words)],
            capture_output=True,
            text=True,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            timeout=50,
        )

    def fails(self, code: int, *words: str | Path) -> str:
        """What is said on standard error; there is no traceback."""
        done = self(*words)
        assert done.returncode == code, (done.stdout, done.stderr)
        assert "Traceback" not in done.stderr
        assert all(line.startswith("assistant: ") for line in done.stderr.splitlines())
        return done.stderr

    def works(self, *words: str | Path) -> str:
        done = self(*words)
        assert (done.returncode, done.stderr) == (0, "")
        return done.stdout


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """Somebody who did one session and had one reminder, on one day."""
    made = Home(tmp_path)
    records = (
        Record("session_start", "desk-break"),
        Record("exercise", "bridge", 10.0, "done"),
        Record("session_end", "desk-break", 60.0, "done"),
        Record("break_due"),
    )
    moment = Moment(DAY * 86_400_000, 0, "one", 1.0, True)
    with open_store(made.path) as store:
        store.write((moment, record) for record in records)
    return made


def test_it_says_where_it_is_and_what_is_in_it(home: Home) -> None:
    """Without an action, and by its path alone."""
    assert home.works("path") == f"{home.path}\n"
    said = home.works()
    assert str(home.path) in said
    assert f"1 sessions, 1 exercises, 1 reminders since {ISO_DAY}" in said


def test_without_a_journal_it_says_so(tmp_path: Path) -> None:
    """And makes none."""
    home = Home(tmp_path)
    for words in ((), ("check",), ("backup", "x"), ("forget", "--everything", "--yes")):
        assert "there is no journal yet" in home.fails(7, *words)
    assert not home.path.exists()


def test_a_damaged_file_is_explained_and_repaired(home: Home) -> None:
    """Each word leads to the next; the damaged file is kept."""
    assert "is whole" in home.works("check")
    damaged = home.path.read_bytes()[:-6000] + b"\x01" * 6000
    home.path.write_bytes(damaged)
    said = home("check")
    assert said.returncode == 7
    assert "assistant journal check --repair" in said.stdout
    said_after = home.works("check", "--repair")
    [aside] = home.state.glob("*.damaged-*")
    assert str(aside) in said_after
    assert aside.read_bytes() == damaged
    assert "is whole" in home.works("check")


def test_no_database_at_all_says_what_to_do(home: Home) -> None:
    """Whichever action meets it first."""
    home.path.write_bytes(b"Milk, bread. " * 100)
    for words in ((), ("export", "--json", "-"), ("backup", home.folder / "copy")):
        told = home.fails(7, *words)
        assert f"{home.path}: its file is damaged; try `assistant journal check --repair`" in told


def test_a_file_of_a_newer_version_is_not_repaired(home: Home) -> None:
    """It isn't broken: this program is old."""
    with open_store(home.path) as store:
        store.database.execute(f"PRAGMA user_version = {SCHEMA_VERSION + 1}")
    before = home.path.read_bytes()
    assert "written by a newer version" in home.fails(7, "check", "--repair")
    assert home.path.read_bytes() == before


def test_a_backup_can_be_restored(home: Home) -> None:
    """And what was there before is kept."""
    copy = home.folder / "copy.sqlite3"
    assert f"Backed up to {copy}" in home.works("backup", copy)
    home.works("forget", "--everything", "--yes")
    assert "0 sessions" in home.works()
    assert "is kept: " in home.works("restore", copy)
    assert "1 sessions" in home.works()
    [aside] = home.state.glob("*.before-restore-*")
    assert str(aside) in home.works("forget", "--day", ISO_DAY)  # a copy that still knows


def test_a_backup_takes_a_persons_own_files_along_and_asks_before_it_replaces(home: Home) -> None:
    """Each file is named; without a terminal it takes --yes; what was there is kept."""
    folder = home.folder / "config" / "exercise-assistant"
    evening = folder / "routines" / "evening.toml"
    evening.parent.mkdir(parents=True)
    evening.write_text("name = 'Evening'\n")
    copy = home.folder / "copy.sqlite3"
    assert f"With {evening}\n" in home.works("backup", copy)
    evening.write_text("name = 'Another'\n")
    before = home.path.read_bytes()
    told = home("restore", copy)
    assert told.returncode == 2
    assert str(evening) in told.stderr
    assert "add --yes" in told.stderr
    assert (home.path.read_bytes(), evening.read_text()) == (before, "name = 'Another'\n")
    seen = on_a_terminal(home, b"no\n", "restore", copy)
    assert str(evening).encode() in seen
    assert b"nothing was changed" in seen
    assert evening.read_text() == "name = 'Another'\n"
    home.works("restore", copy, "--journal-only")
    assert evening.read_text() == "name = 'Another'\n"
    assert f"Written: {evening}\n" in home.works("restore", copy, "--yes")
    assert evening.read_text() == "name = 'Evening'\n"
    [kept] = evening.parent.glob("evening.toml.before-restore-*")
    assert kept.read_text() == "name = 'Another'\n"
    evening.write_text("name = 'A third'\n")
    assert b"Written: " in on_a_terminal(home, b"replace\n", "restore", copy)
    assert evening.read_text() == "name = 'Evening'\n"


def test_an_export_that_an_editor_has_saved_is_taken(home: Home) -> None:
    """With a mark at its beginning, or in two bytes for each letter."""
    text = home.works("export", "--json", "-")
    for encoding in ("utf-8-sig", "utf-16"):
        file = home.folder / f"{encoding}.json"
        file.write_text(text, encoding=encoding)
        assert home.works("import", file) == "Added 0 rows; 4 were here already.\n"


def test_a_spreadsheet_with_a_decimal_comma_is_served(home: Home) -> None:
    """A semicolon ends the columns; it goes with CSV alone."""
    home.works("export", "--csv", home.folder, "--decimal-comma")
    assert "session;exercise;side;seconds" in (home.folder / "exercise.csv").read_text()
    told = home.fails(2, "export", "--json", home.folder / "x", "--decimal-comma")
    assert "--decimal-comma goes with --csv" in told


def test_nothing_gives_way_while_the_assistant_runs(home: Home) -> None:
    """A backup may be made, but not put back; nor is anything repaired."""
    copy = home.folder / "copy.sqlite3"
    with only_instance([home.state]):
        home.works("backup", copy)
        assert "already running" in home.fails(5, "restore", copy)
        home.path.write_bytes(b"Milk, bread. " * 100)
        said = home("check", "--repair")
        assert (said.returncode, "already running" in said.stderr) == (5, True)


def test_what_cannot_be_restored_is_named(home: Home) -> None:
    """The file that was given, not the journal."""
    text = home.folder / "text"
    text.write_text("Milk, bread.")
    assert f"{text}: its file is damaged; nothing was changed" in home.fails(7, "restore", text)
    assert "there is no file" in home.fails(7, "restore", home.folder / "nothing")
    assert "1 sessions" in home.works()


def test_a_backup_that_cannot_be_written_is_named(home: Home) -> None:
    """A folder that isn't there, a file that is something else."""
    assert "there is no folder" in home.fails(7, "backup", home.folder / "no" / "copy")
    photo = home.folder / "photo"
    photo.write_text("not a journal")
    assert "no backup of a journal; name another file" in home.fails(7, "backup", photo)
    assert "is there already" in home.fails(7, "backup", home.folder)


def test_forgetting_a_day_says_how_much_that_was(home: Home) -> None:
    """And a day without anything says so; what is no date is the command line's fault."""
    assert home.works("forget", "--day", "2001-01-01") == "There was nothing to forget.\n"
    assert home.works("forget", "--day", ISO_DAY) == "Forgotten: 4 rows.\n"
    assert "expected a date such as" in home.fails(2, "forget", "--day", "yesterday")
    assert home("forget").returncode == 2


def test_forgetting_everything_wants_to_be_confirmed(home: Home) -> None:
    """By typing it out; where nobody can type, by --yes."""
    assert "add --yes" in home.fails(2, "forget", "--everything")
    assert b"nothing was forgotten" in on_a_terminal(home, b"yes\n", "forget", "--everything")
    assert "1 sessions" in home.works()
    typed = b"forget everything\n"
    assert b"Forgotten: 4 rows." in on_a_terminal(home, typed, "forget", "--everything")
    assert "0 sessions" in home.works()


def on_a_terminal(home: Home, typed: bytes, *words: str | Path) -> bytes:
    """What a person sees who types that."""
    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "assistant", "journal", *words]
    with subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, env=home.environment
    ) as process:
        os.close(follower)
        os.write(leader, typed)
        seen = b""
        try:
            while chunk := os.read(leader, 4096):
                seen += chunk
        except OSError:  # the terminal's other end is closed
            pass
        process.wait(30)
    os.close(leader)
    return seen


def test_what_is_exported_can_be_imported(home: Home) -> None:
    """Into a file and to standard output alike; a second time nothing is added."""
    file = home.folder / "all.json"
    assert home.works("export", "--json", file) == f"Exported 4 rows to {file}.\n"
    assert (
        json.loads(home.works("export", "--json", "-"))["tables"]
        == json.loads(file.read_text())["tables"]
    )
    assert file.stat().st_mode & 0o777 == 0o600
    home.works("forget", "--everything", "--yes")
    assert home.works("import", file) == "Added 4 rows; 0 were here already.\n"
    assert home.works("import", file) == "Added 0 rows; 4 were here already.\n"
    assert "1 sessions" in home.works()


def test_a_spreadsheet_gets_a_file_for_each_table(home: Home) -> None:
    """And one that explains the columns."""
    folder = home.folder / "sheets"
    assert home.works("export", "--csv", folder) == f"Exported 4 rows to {folder}.\n"
    assert ISO_DAY in (folder / "exercise.csv").read_text()
    assert "exercise,seconds,held or moved" in (folder / "columns.csv").read_text()


def test_every_error_of_an_import_is_told(home: Home) -> None:
    """One line each, with the file's name; nothing was imported."""
    file = home.folder / "all.json"
    home.works("export", "--json", file)
    data = json.loads(file.read_text())
    data["tables"]["exercise"][0]["reps"] = "many"
    data["tables"]["session"][0]["routine"] = None
    file.write_text(json.dumps(data))
    assert home.fails(7, "import", file).splitlines() == [
        f"assistant: {file}: session, row 1, routine: expected a text, found null",
        f'assistant: {file}: exercise, row 1, reps: expected a whole number, found "many"',
        "assistant: nothing was imported",
    ]
    assert "can't be read" in home.fails(7, "import", home.folder / "nothing")
    assert "can't be read" in home.fails(7, "import", home.path)  # it is no text


def test_what_has_the_journals_name_and_is_no_file_is_to_be_moved_away(home: Home) -> None:
    home.path.unlink()
    home.path.mkdir()
    assert f"{home.path}: its file can't be opened (is a directory); move it away" in home.fails(7)


def test_an_export_that_cannot_be_written_leaves_nothing_behind(home: Home) -> None:
    """Half a file looks like a whole one."""
    assert "can't be written" in home.fails(7, "export", "--json", home.folder / "a" / "b")
    assert "can't be read or written" in home.fails(7, "export", "--csv", home.path)
    assert not re.findall("part", " ".join(file.name for file in home.folder.iterdir()))
