"""The README is made of things that run: here they run.

Every `console` block is executed and its output compared ("..." stands for anything); the first
conversation is held with the real coach; sentences, configuration, routine, lamp table and
links are checked against the program.
"""

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from assistant import config
from assistant.coach.effects import Context, Effect, Hush, Lamp, Listen, Say
from assistant.coach.events import Asked, Due, Event, Health, Spoken
from assistant.coach.step import begin, deadline, step
from assistant.config.config_editing import as_toml
from assistant.config.for_coach import settings_for
from assistant.content import routine_reader
from assistant.content.plan import compile_plan, told_to
from assistant.content.speech import estimate_s
from assistant.content.words import number
from assistant.hearing.understand import Understanding
from assistant.machine.places import routine_folders
from assistant.panel.lamp_patterns import PATTERNS

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def marked(name: str) -> str:
    """What stands between `<!-- name -->` and `<!-- /name -->` or the end of a code block."""
    found = re.search(rf"<!-- {name}[^>]*-->\n(.*?)(?:<!-- /{name} -->|^```$)", README, re.S | re.M)
    assert found is not None, name
    return found[1]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> routine_reader.Library:
    return routine_reader.load(routine_folders(tmp_path_factory.mktemp("nobody")))


@pytest.fixture(scope="module")
def understanding(library: routine_reader.Library) -> Understanding:
    names = {routine.id: routine.spoken_names for routine in library.routines.values()}
    return Understanding(ROOT / "routines" / "commands.yaml", ["hey coach"], names)


# --- what runs ----------------------------------------------------------------


def run(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """A command line of the README, in a home of its own with the README's routine in it."""
    routines = folder / ".config" / "exercise-assistant" / "routines"
    routines.mkdir(parents=True, exist_ok=True)
    (routines / "sunday.toml").write_text(own_routine(), encoding="utf-8")
    program, *arguments = shlex.split(line)
    assert program in ("assistant", ".venv/bin/assistant"), line
    kept = {key: value for key, value in os.environ.items() if not key.startswith("XDG_")}
    return subprocess.run(
        [sys.executable, "-m", "assistant", *arguments],
        cwd=folder,
        env={**kept, "HOME": str(folder), "PYTHONPATH": str(ROOT), "COLUMNS": "100"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@pytest.mark.parametrize("block", BLOCKS)
def test_an_example_does_what_the_readme_shows(block: str, tmp_path: Path) -> None:
    """The commands of a block one after the other, each with its output."""
    examples = re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.MULTILINE)
    assert examples
    for line, expected in examples:
        done = run(line, tmp_path)
        pattern = re.escape(expected.strip()).replace(r"\.\.\.", ".*")
        assert re.fullmatch(pattern, done.stdout.strip(), re.DOTALL), f"$ {line}\n{done.stdout}"


def test_there_are_examples() -> None:
    """The reading of the README above finds something."""
    assert BLOCKS


def test_every_command_of_the_program_is_in_the_readme_and_back() -> None:
    """The table of commands is complete, and each one has a --help."""
    listed = set(re.findall(r"^\| `assistant ([a-z]+)", README, re.MULTILINE))
    usage = subprocess.run(
        [sys.executable, "-m", "assistant", "--help"], cwd=ROOT, capture_output=True, text=True
    )
    shown = re.search(r"\{([a-z,-]+)\}", usage.stdout)
    offered = (
        set(shown[1].split(","))
        if shown
        else set(re.findall(r"^ {2,4}([a-z]+) {2,}", usage.stdout, re.MULTILINE))
    )
    assert listed == offered


# --- the first conversation ---------------------------------------------------


class Talk:
    """The real coach, a voice that takes as long as speech does, and a clock that is a number."""

    def __init__(self, library: routine_reader.Library) -> None:
        asked = Health(screened=True, screened_days=0)  # the safety questions are answered
        settings = replace(settings_for(config.Config(), library, once=False), health=asked)
        self.now = 0.0
        self.said: list[str] = []
        self.context = Context.IDLE
        self._free_at = 0.0
        self._speaking: list[tuple[float, int]] = []
        self._state, effects = begin(settings, self.now, greet=False)
        self._take(effects)

    def tell(self, event: Event) -> None:
        self.said.clear()
        self._step(event)

    def wait(self) -> None:
        """Go on to the next thing that happens."""
        at = deadline(self._state)
        ended = min(self._speaking, default=None)
        if ended is not None and (at is None or ended[0] <= at):
            self._speaking.remove(ended)
            self.now = max(self.now, ended[0])
            self._step(Spoken(ended[1]))
        else:
            assert at is not None, "the coach waits for nothing"
            self.now = max(self.now, at)
            self._step(Due())

    def _step(self, event: Event) -> None:
        self._state, effects = step(self._state, event, self.now)
        self._take(effects)

    def _take(self, effects: list[Effect]) -> None:
        for effect in effects:
            match effect:
                case Say(utterance, text):
                    self._free_at = max(self._free_at, self.now) + estimate_s(text)
                    self._speaking.append((self._free_at, utterance))
                    self.said.append(text)
                case Hush():
                    self._free_at = self.now
                    self._speaking = [(self.now, number) for _, number in self._speaking]
                case Listen(context):
                    self.context = context


def conversation() -> list[tuple[str, str]]:
    line = r"> \*\*(You|It):\*\* (.*?)(?:<br>)?$"
    return re.findall(line, marked("conversation"), re.MULTILINE)


def test_the_first_conversation_goes_as_the_readme_tells_it(
    library: routine_reader.Library, understanding: Understanding
) -> None:
    """Every word of the person is understood where it stands, and answered as it is written."""
    talk = Talk(library)
    turns = conversation()
    assert len(turns) > 8
    for who, words in turns:
        until = talk.now + 60
        if who == "You":
            while talk.context is Context.SPEAKING:
                talk.wait()
            asked = understanding.match(words, talk.context)
            assert isinstance(asked, Asked), f"{words!r} isn't understood in {talk.context}"
            talk.tell(asked)
            continue
        while words not in " ".join(talk.said):
            assert talk.now < until, f"{words!r} was never said, but {talk.said}"
            talk.wait()


# --- what it names ------------------------------------------------------------


def sayings() -> list[str]:
    table = re.search(r"\| to \| say \|\n\|[-|]+\n((?:\|.*\n)+)", README)
    assert table is not None
    cells = [row.split("|")[2] for row in table[1].splitlines()]
    return [saying.strip() for cell in cells for saying in re.split("[;,]", cell)]


@pytest.mark.parametrize("words", sayings())
def test_what_the_readme_says_one_can_say_is_understood(
    words: str, understanding: Understanding
) -> None:
    """Said after the wake phrase, or to a question, each is a command."""
    answers = (understanding.match(words, c) for c in (Context.AWAKE, Context.PAIN))
    assert any(isinstance(asked, Asked) for asked in answers)


def quoted(sentence: str) -> list[str]:
    """What stands between quotes in the one sentence that begins so."""
    [found] = re.findall(rf"{sentence}[^.;]*", README)
    return re.findall('"([^"]*)"', found)


def test_what_the_readme_says_one_can_say_beside_each_question_is_listened_for_there(
    understanding: Understanding,
) -> None:
    words = quoted("Beside each question")
    assert len(words) == 4
    for context in (Context.QUESTION, Context.PAIN):
        assert {*words} <= {*understanding.phrases(context)}


def test_while_it_speaks_it_listens_for_what_the_readme_names_and_nothing_else(
    understanding: Understanding,
) -> None:
    """Other words for the same may be meant, too."""
    heard = understanding.commands(Context.SPEAKING)
    words = quoted("While it speaks or counts aloud")
    assert {heard[said] for said in words} == {*heard.values()}


def test_the_configuration_of_the_readme_is_accepted_and_is_the_default(tmp_path: Path) -> None:
    """Every key is known, none is left out, and the values are those that hold without a file."""
    block = re.search(r"```toml\n(\[wake\].*?)```", README, re.S)
    assert block is not None
    file = tmp_path / "config.toml"
    file.write_text(block[1], encoding="utf-8")
    assert config.load(file) == config.Config()
    assert tomllib.loads(block[1]).keys() == tomllib.loads(as_toml(config.Config())).keys()


def own_routine() -> str:
    return marked("routine").removeprefix("```toml\n")


def test_the_routines_of_the_readme_take_as_long_as_it_says(
    library: routine_reader.Library,
) -> None:
    """To who knows the exercises; and all there are for the desk are named, and counted."""
    [table] = re.findall(r"\| say \"start\", and \|.*\n\|[-|]+\n((?:\|.*\n)+)", README)
    called = {name: one for one in library.routines.values() for name in one.spoken_names}
    rows = [[cell.strip() for cell in row.split("|")[1:3]] for row in table.splitlines()]
    minutes = {}
    for names, told in rows:
        for name in names.split(", "):
            plan = compile_plan(called[name])
            known = told_to(plan, plan.exercise_ids)
            assert plan.total_s - known.total_s <= 180, name
            minutes[name] = number(round(known.total_s / 60)), told
    desk = [name for name in minutes if called[name].id.startswith("desk-break")]
    assert {minutes[name][0] for name in desk} == {"one", "two"}
    assert f": {number(len(desk))}, so that" in minutes[desk[0]][1]
    assert len(desk) == sum(name.startswith("desk-break") for name in library.routines)
    timed = [name for name, (_, told) in minutes.items() if re.search(r"minutes", told)]
    assert len(timed) > len(desk) + 5
    for name in timed:
        takes, told = minutes[name]
        assert name in desk or told.startswith(f"{takes} "), (name, takes, told)


def test_the_routine_of_the_readme_can_be_led(tmp_path: Path) -> None:
    """A person's own folder holds just this file, and it becomes a plan."""
    (tmp_path / "routines").mkdir()
    (tmp_path / "routines" / "sunday.toml").write_text(own_routine(), encoding="utf-8")
    routine = routine_reader.load(routine_folders(tmp_path)).routines["sunday"]
    assert compile_plan(routine).total_s > 60


def test_the_exercise_of_the_readme_can_be_led(tmp_path: Path) -> None:
    """Beside a routine of one's own that uses it: good, and left out with no condition."""
    folder = tmp_path / "routines"
    (folder / "exercises").mkdir(parents=True)
    text = marked("exercise").removeprefix("```toml\n")
    (folder / "exercises" / "chin-tuck.toml").write_text(text, encoding="utf-8")
    mine = 'id = "mine"\nname = "Mine"\n[[exercise]]\nuse = "chin-tuck"\n'
    (folder / "mine.toml").write_text(mine, encoding="utf-8")
    library = routine_reader.load(routine_folders(tmp_path))
    assert library.exercises["chin-tuck"].leave_out_with == ()
    said = [cue.text for one in compile_plan(library.routines["mine"]).segments for cue in one.cues]
    assert "Draw your chin back." in said
    assert "End it if your arm tingles." in said


def test_the_lamp_table_is_what_the_lamp_does() -> None:
    """One row for each pattern, in its own words."""
    rows = [
        f"| {pattern.words} | {pattern.means} |"
        for lamp, pattern in PATTERNS.items()
        if lamp is not Lamp.OFF
    ]
    assert marked("lamp table").strip().splitlines()[2:] == rows


DOCUMENTS = (
    *("README.md", "CHANGELOG.md", "CONTRIBUTING.md"),
    *("models/README.md", "deploy/README.md", "findings/README.md"),
)


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_link_leads_somewhere(document: str) -> None:
    folder, text = (ROOT / document).parent, (ROOT / document).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([^)#]+)\)", text)
    assert [link for link in links if "://" not in link and not (folder / link).exists()] == []


def test_the_map_leads_into_every_room() -> None:
    """Whoever wants to change something finds the room in the last section."""
    last = README.rpartition("\n## ")[2]
    rooms = {path.parent.name for path in (ROOT / "assistant").glob("*/__init__.py")}
    assert rooms == set(re.findall(r"assistant/(\w+)[/)]", last))
    files = {path.name for path in (ROOT / "assistant").rglob("*.py")}
    assert set(re.findall(r"`(\w+\.py)`", last)) - files == set()


def test_what_one_is_told_to_run_to_contribute_is_there() -> None:
    """The tests that are named, the tools, and the places in the code."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    named = re.findall(r"\b(?:tests|deploy|assistant)/[\w./-]*\w", text)
    assert len(named) > 15
    assert [path for path in named if not (ROOT / path).exists()] == []
    for tool in re.findall(r"\.venv/bin/(\w+)", text):
        assert shutil.which(tool, path=str(Path(sys.executable).parent)), tool
    assert "COMMANDS = {" in (ROOT / "assistant" / "cli" / "__init__.py").read_text()


def test_every_source_that_asks_for_it_is_named_with_the_model() -> None:
    """What the model learnt from is told twice: how much of it, and whose it is."""
    told = (ROOT / "models" / "README.md").read_text(encoding="utf-8")
    learnt = told[told.index("## What it has learnt from") : told.index("## Honest limits")]
    notice = (ROOT / "models" / "NOTICE").read_text(encoding="utf-8")
    for name in (
        "Google Speech Commands",
        "LibriSpeech",
        "AN4",
        "ARCTIC",
        "LJ Speech",
        "Picovoice",
    ):
        assert name in learnt
        assert name in notice
    for licence in re.findall(r"\bCC BY(-SA)?", learnt):
        assert ("by-sa/4.0" if licence else "by/4.0") in notice
