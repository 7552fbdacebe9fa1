"""`assistant people`: names that can be heard, and what is theirs comes and goes with them."""

import os
import queue
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from assistant.coach.effects import Meet, Record
from assistant.coach.events import Event
from assistant.config import household
from assistant.hearing import taught
from assistant.journal import Journals
from assistant.machine.single_instance import only_instance


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("José", "jose"),
        ("Łukasz", "lukasz"),
        ("Strauß", "strauss"),
        ("Bjørn-Ægir", "bjorn aegir"),
        ("Þórður", "thordur"),
        ("Đặng", "dang"),
        ("Yıldız", "yildiz"),
        ("İrem", "irem"),
        ("O’Hara", "o'hara"),
    ],
)
def test_a_name_is_said_with_the_plain_letters_of_its_own(name: str, said: str) -> None:
    assert household.read(name).spoken == (said,)


@pytest.mark.parametrize(
    ("text", "cure"),
    [
        ("Mia: Maya", '"Mia: maya"'),
        ("Łukasz: Łukasz", '"Łukasz: lukasz"'),
        ("Mia:", '"Mia: mia"'),
        ("Mia: 7", '"Mia: mia"'),
        ("Ольга", '"Ольга: sounds like this"'),
    ],
)
def test_what_can_not_be_said_gets_a_cure_of_its_own_letters_that_works(
    text: str, cure: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(cure)):
        household.read(text)
    name, _, said = cure.strip('"').partition(": ")
    assert household.read(f"{name}: {said}").spoken == (said,)


@dataclass(frozen=True)
class Home:
    folder: Path

    @property
    def state(self) -> Path:
        return self.folder / "state" / "exercise-assistant"

    @property
    def config(self) -> str:
        return (self.folder / "config" / "exercise-assistant" / "config.toml").read_text()

    def __call__(self, *words: str, code: int = 0) -> str:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *words],
            capture_output=True,
            text=True,
            stdin=subprocess.DEVNULL,
            env=os.environ
            | {
                "XDG_STATE_HOME": str(self.folder / "state"),
                "XDG_CONFIG_HOME": str(self.folder / "config"),
                "XDG_CACHE_HOME": str(self.folder / "cache"),
            },
        )
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return done.stdout + done.stderr


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path)


def exercised(home: Home, *people: str) -> None:
    """Each of them does something; the first one has the desk."""
    journals = Journals(queue.SimpleQueue[Event]().put, home.state / "journal.sqlite3", people[0])
    for name in people:
        journals(Record("person", name))
        journals(Meet(name))
        journals(Record("session_start", f"of-{name}"))
    journals.close()


def test_somebody_comes_is_renamed_and_goes_with_all_that_is_theirs(home: Home) -> None:
    """The others', and the desk's, stay as they are."""
    assert "Nobody is told apart" in home("people")
    assert "what was kept so far is Maria's" in home("people", "add", "Maria")
    assert 'say "this is ben"' in home("people", "add", "Ben")
    exercised(home, "maria", "ben")
    for name in ("me", "ben"):
        taught.save(taught.path_of(home.state, name), taught.Voice("a model", ()))
    assert "nobody here is called" in home("teach", "--name", "me", code=2)
    said = home("people", "rename", "ben", "Benny", "--spoken", "ben", "--spoken", "big ben")
    assert "Ben is Benny now" in said
    assert 'others = ["Benny: ben, big ben"]' in home.config
    assert "this is big ben" in home("people")
    assert "1 sessions" in home("journal", "--person", "benny")
    assert "add --yes" in home("people", "remove", "Benny", code=2)
    assert [path.stem for path in taught.files(home.state)] == ["benny", "me"]
    kept = home.folder / "cache" / "exercise-assistant" / "sentences.pickle"
    kept.parent.mkdir(parents=True)
    kept.write_bytes(b"this is big ben")
    home("people", "remove", "benny", "--yes")
    assert not kept.exists()
    assert [path.stem for path in taught.files(home.state)] == ["me"], "whose desk it is taught it"
    assert not list((home.state / "people").iterdir())
    assert "1 sessions" in home("journal")
    assert b"benny" not in (home.state / "journal.sqlite3").read_bytes()
    assert 'nobody here is called "Benny"; there are Maria' in home(
        "history", "--person", "Benny", code=2
    )


def test_a_backup_names_those_whose_own_can_be_made(home: Home) -> None:
    """The command that it tells works; nobody is named of whom nothing is kept yet."""
    for name in ("Maria", "Ben", "Anna"):
        home("people", "add", name)
    exercised(home, "maria", "ben")
    file = str(home.folder / "backup.sqlite3")
    said = home("journal", "backup", file)
    assert re.findall("Not in it: assistant (.*)", said) == ["journal --person Ben backup FILE"]
    assert "Backed up" in home("journal", "--person", "Ben", "backup", file)
    after = home("journal", "backup", file, "--person", "Ben")
    assert f"Backed up to {file}" in after
    assert "Not in it" not in after


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["Zörbo"], "--spoken WORDS"),
        (["Xylobont"], 'doesn\'t know "xylobont"'),
        (["Guest"], "a guest is whoever has none"),
        (["4711"], "of letters"),
        (["Maria"], "somebody's here already"),
        (["Mary", "--spoken", "maria"], "somebody's here already"),
        (["Mary", "--spoken", "Mary!"], "lower-case words"),
    ],
)
def test_a_name_that_can_not_be_meant_or_heard_is_told_with_a_cure(
    home: Home, words: list[str], told: str
) -> None:
    home("people", "add", "Maria")
    before = home.config
    assert told in home("people", "add", *words, code=2)
    assert home.config == before


def test_a_name_of_two_parts_is_said_without_its_hyphen(home: Home) -> None:
    """And "Zoë" is "zoe": the model's words have a to z alone."""
    assert 'say "this is mary jane"' in home("people", "add", "Mary-Jane")
    assert 'owner = "Mary-Jane"' in home.config
    assert household.said_for("Zoë") == "zoe"


def test_whose_desk_it_is_goes_last(home: Home) -> None:
    home("people", "add", "Maria")
    home("people", "add", "Ben")
    assert "remove the others first (Ben)" in home("people", "remove", "Maria", "--yes", code=2)


def test_nothing_moves_while_the_assistant_runs(home: Home) -> None:
    """It would go on writing to a file that has another name."""
    home("people", "add", "Maria")
    home("people", "add", "Ben")
    exercised(home, "maria", "ben")
    with only_instance([home.state]):
        assert "already running" in home("people", "rename", "Ben", "John", code=5)
        assert "already running" in home("people", "remove", "Ben", "--yes", code=5)
        assert home("people", "who") == "Ben\n"
    assert home("people", "who") == "The assistant isn't running.\n"
    assert (home.state / "people" / "ben.sqlite3").exists()
