"""The `assistant` command as a person uses it: a process, its words and its exit code."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
import wave
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from assistant import __version__
from assistant.cli import COMMANDS, models
from assistant.coach.effects import Context, Keep, Place
from assistant.journal import Journal
from assistant.machine import places
from assistant.machine.single_instance import only_instance
from assistant.simulation.desk_people import PEOPLE

ROOT = Path(__file__).resolve().parents[2]
GOOD_FILE = """\
id = "short"
name = "Short"
spoken_names = ["short one"]
intro = "A short one."

[[exercise]]
use = "bridge"
"""


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("XDG_")}
    (folder / "tmp").mkdir(exist_ok=True)
    return kept | {
        "HOME": str(folder),
        "TMPDIR": str(folder / "tmp"),
        "PYTHONPATH": str(ROOT),
        "COLUMNS": "80",
    }


class Person:
    """Somebody with folders of their own, in an empty working folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.env = environment(folder)
        self.config = folder / ".config" / "exercise-assistant"
        self.state = folder / ".local" / "state" / "exercise-assistant"

    def types(self, *words: str, timeout: float = 50) -> subprocess.CompletedProcess[str]:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", *words],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self.env,
            cwd=self.folder,
            timeout=timeout,
        )
        assert "Traceback" not in done.stderr, done.stderr
        return done

    def refused(self, code: int, *words: str) -> str:
        """What is said when something can't be done: every line of it is the assistant's."""
        done = self.types(*words)
        assert done.returncode == code, done.stderr
        assert done.stdout == ""
        assert done.stderr.startswith("assistant: ")
        return done.stderr

    def reads(self, *words: str) -> str:
        done = self.types(*words)
        assert done.returncode == 0, done.stderr
        assert done.stderr == ""
        return done.stdout


@pytest.fixture
def person(tmp_path: Path) -> Person:
    return Person(tmp_path)


# --- help -------------------------------------------------------------------


def test_help_names_every_command_and_exit_code(person: Person) -> None:
    """Help shows all there is to type, examples, and what each exit code means."""
    text = person.reads("--help")
    assert person.reads() == text
    for command in COMMANDS:
        assert re.search(rf"^    {command}  ", text, re.MULTILINE)
    for code in (0, 1, 2, 3, 4, 5, 6, 7, 130):
        assert re.search(rf"\b{code} [a-zC]", text)
    assert max(map(len, text.splitlines())) <= 90


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(person: Person, command: str) -> None:
    """Each command has help of its own."""
    assert f"usage: assistant {command}" in person.reads(command, "--help")


def test_the_version_is_the_packages(person: Person) -> None:
    """--version names program and version."""
    assert person.reads("--version") == f"assistant {__version__}\n"


def test_help_comes_at_once(person: Person) -> None:
    """Help and version import nothing but the command line: that is what keeps them quick."""
    for option in ("--help", "--version"):
        done = subprocess.run(
            [sys.executable, "-X", "importtime", "-m", "assistant", option],
            capture_output=True,
            text=True,
            env=person.env,
        )
        imported = {line.split("|")[-1].strip() for line in done.stderr.splitlines()}
        ours = {name for name in imported if name.startswith("assistant.")}
        assert ours == {"assistant.cli", "assistant.errors"}
        # Not dataclasses: from Python 3.14 on argparse itself imports it.
        slow = {"vosk", "tomllib", "subprocess", "tempfile", "logging"}
        assert not imported & slow


def test_a_command_has_a_file_of_its_name_and_a_file_is_a_command_or_shared() -> None:
    """The table of commands and the files beside it are the same."""
    with_commands = {"author", "by_voice", "office_broker", "svg_to_png", "which_routine"}
    shared = {"__init__", "common", *with_commands}
    assert {path.stem for path in (ROOT / "assistant" / "cli").glob("*.py")} == shared | {*COMMANDS}


def test_only_the_command_that_is_asked_for_is_imported(person: Person) -> None:
    """All the other files need not be read to run one of them."""
    code = (
        "import sys; from assistant.cli import main; main(['config', '--path'])\n"
        "print(*sorted(name for name in sys.modules if name.startswith('assistant.cli.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=person.env
    )
    assert done.stdout.splitlines()[-1] == "assistant.cli.common assistant.cli.config"


def test_what_can_be_chosen_is_all_there_is(person: Person) -> None:
    """Situations and people are the house's own, not a list that was copied once."""
    heard = person.reads("hear", "--help")
    assert all(context.value in heard for context in Context)
    lived = person.reads("simulate", "--help")
    assert all(name in lived for name in PEOPLE)


# --- bad command lines ------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["rum"], "did you mean `assistant run`?"),
        (["frobnicate"], "there are run, replay"),
        (["run", "--bogus"], "--bogus"),
        (["run", "a", "b"], "unrecognized arguments: b"),
        (["rehearse"], "ROUTINE"),
        (["say", "hello"], "--to"),
        (["say", "", "--to", "x.wav"], "nothing to say"),
        (["hear"], "FILE"),
        (["hear", "x.wav", "--state", "asleep"], "'asleep'"),
        (["hear", "x.wav", "--wake", "Hey Coach"], "lower-case words"),
        (["models", "steal"], "'steal'"),
        (["models", "fetch"], "NAME"),
        (["models", "words"], "WORD"),
        (["completion", "fish"], "'fish'"),
        (["figure"], "--sheet --to all.svg"),
        (["figure", "brigde"], 'did you mean "bridge"?'),
        (["figure", "bridge", "--to", "bridge.jpg"], "bridge.jpg: its name should end in .svg"),
        (["figure", "bridge", "--sheet"], "--to FILE.svg"),
        (["figure", "bridge", "--moving", "--to", "bridge.png"], "write bridge.svg"),
        (["figure", "bridge", "--width", "99", "--to", "x.svg"], "write x.png"),
        (["handout"], "--for-me"),
        (["handout", "desk-break", "--person", "Ben"], "add --for-me"),
        (["teach", "--list", "--forget", "me"], "not allowed with argument --list"),
        (["simulate", "--plan", "beginner", "--svg", "x.svg"], "leave out --plan"),
        (["rehearse", "desk-break", "--speed", "4"], "add --aloud"),
        (["rehearse", "desk-break", "--json", "--aloud"], "--aloud: not allowed"),
        (["say", "hello", "--to", "x.mp3"], "x.mp3: its name should end in .wav"),
        (["rehearse", "desk-break", "--to", "x.ogg"], "should end in .wav"),
        (["handout", "desk-break", "--html", "x.pdf"], "should end in .html"),
        (["history", "--html", "x.pdf"], "should end in .html"),
        (["history", "--png", "x.jpg"], "should end in .png"),
        (["simulate", "--svg", "x.png"], "should end in .svg"),
        (["mic", "--seconds", "nan"], "--seconds nan: expected more than 0"),
        (["--debug"], "--debug"),
    ],
)
def test_a_slip_on_the_command_line_is_named(
    person: Person, words: list[str], expected: str
) -> None:
    """A wrong command line ends with 2 and says which part is wrong."""
    assert expected in person.refused(2, *words)


@pytest.mark.parametrize(
    ("code", "words", "expected"),
    [
        (3, ["config", "--config", "bad.toml"], "bad.toml, line 2, `voice.volume`"),
        (7, ["run", "--config", "nowhere.toml"], "nowhere.toml"),
        (3, ["rehearse", "./routines/broken.toml"], "routines/broken.toml, line 2, `name`"),
        (4, ["rehearse", "desk-brake"], 'did you mean "desk-break"?'),
        (4, ["rehearse", "juggling"], "there are: chair, desk-break, desk-break-2"),
        (4, ["run", "desk-brake", "--once", "--plain"], "desk-break"),
        (6, ["models", "fetch", "gigaspeech"], "gigaspeech"),
        (6, ["hear", "x.wav", "--config", "model.toml"], "nowhere"),
        (7, ["config", "--config", "nowhere.toml"], "nowhere.toml"),
        (7, ["rehearse", "nowhere.toml"], "nowhere.toml"),
        (7, ["rehearse", "/etc/hostname"], ".toml"),
        (7, ["rehearse", "./routines"], "routines"),
        (4, ["handout", "juggling"], "there are: chair, desk-break, desk-break-2"),
        (4, ["handout", "lower-back-strength", "--for-me"], "safety questions"),
        (7, ["figure", "bridge", "--to", "nowhere/x.svg"], "nowhere/x.svg"),
        (7, ["say", "hello", "--to", "nowhere/x.wav"], "nowhere/x.wav"),
        (7, ["say", "hello", "--to", "routines"], "routines is a folder"),
        (7, ["hear", "nowhere.wav"], "nowhere.wav"),
        (7, ["hear", "bad.toml"], "bad.toml"),
        (7, ["run", "--plain", "--record", "nowhere/x.jsonl"], "nowhere/x.jsonl"),
        (7, ["replay", "nowhere.jsonl"], "nowhere.jsonl"),
        (7, ["replay", "bad.toml"], "bad.toml"),
    ],
)
def test_what_cannot_be_used_is_named_with_its_exit_code(
    person: Person, code: int, words: list[str], expected: str
) -> None:
    """Each kind of trouble has one exit code, and the message names the thing."""
    (person.folder / "bad.toml").write_text("[voice]\nvolume = 11\n")
    (person.folder / "model.toml").write_text('[hearing]\nmodel = "nowhere"\n')
    (person.folder / "routines").mkdir()
    (person.folder / "routines" / "broken.toml").write_text(GOOD_FILE.replace('"Short"', "5"))
    assert expected in person.refused(code, *words)


def test_a_second_assistant_is_refused(person: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """While one runs, another one ends with 5 and says which process is the first."""
    monkeypatch.setenv("HOME", str(person.folder))
    for name in ("XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    with only_instance(places.writable_folders()):
        assert f"process {os.getpid()}" in person.refused(5, "run", "--plain")


def test_a_second_start_leaves_the_log_of_the_first_alone(
    person: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one that runs still writes into it."""
    monkeypatch.setenv("HOME", str(person.folder))
    for name in ("XDG_STATE_HOME", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)
    with only_instance(places.writable_folders()):
        log = person.state / "log.txt"
        log.write_text("what happened so far\n")
        terminal, slave = os.openpty()
        second = subprocess.run(
            [sys.executable, "-m", "assistant", "run"],
            stdin=slave,
            stdout=slave,
            stderr=slave,
            env=person.env,
            timeout=30,
        )
        os.close(slave)
        assert b"already running" in os.read(terminal, 4096)
        os.close(terminal)
        assert (second.returncode, log.read_text()) == (5, "what happened so far\n")


# --- looking ----------------------------------------------------------------


def test_a_rehearsal_tells_the_whole_routine_in_order(person: Person) -> None:
    """Each line has its time; what is printed and the JSON are the same plan."""
    plan = json.loads(person.reads("rehearse", "lower-back-strength", "--json"))
    starts = [segment["start_s"] for segment in plan["segments"]]
    assert starts == sorted(starts)
    assert plan["segments"][-1]["end_s"] == pytest.approx(plan["total_s"])
    said = [cue["text"] for segment in plan["segments"] for cue in segment["cues"]]
    times = [cue["at_s"] for segment in plan["segments"] for cue in segment["cues"]]
    assert times == sorted(times)
    text = person.reads("rehearse", "lower-back-strength")
    timed = re.findall(r"^(\d\d):(\d\d)", text, re.MULTILINE)
    clock = [60 * int(minutes) + int(seconds) for minutes, seconds in timed]
    assert clock == sorted(clock)
    assert [line for line in said if line not in text] == []
    minutes, seconds = divmod(round(plan["total_s"]), 60)
    assert text.splitlines()[-1] == f"{minutes:02d}:{seconds:02d} in all, 8 exercises."


def test_a_routines_file_is_rehearsed_from_anywhere(person: Person) -> None:
    """A file needs no place in the configuration; it finds the exercises beside it, and only it."""
    bridge = (ROOT / "routines" / "exercises" / "bridge.toml").read_text()
    (person.folder / "exercises").mkdir()
    (person.folder / "exercises" / "my-bridge.toml").write_text(
        bridge.replace('id = "bridge"', 'id = "my-bridge"')
    )
    (person.folder / "short.toml").write_text(GOOD_FILE.replace('"bridge"', '"my-bridge"'))
    (person.folder / "other.toml").write_text("not even TOML")
    plan = json.loads(person.reads("rehearse", "short.toml", "--json"))
    assert plan["id"] == "short"
    assert plan["exercises"] == ["my-bridge"]


def test_a_persons_own_routine_is_one_of_all(person: Person) -> None:
    """What lies in the configuration folder is listed and rehearsed like the shipped ones."""
    (person.config / "routines").mkdir(parents=True)
    (person.config / "routines" / "short.toml").write_text(GOOD_FILE)
    listed = {one["id"]: one for one in json.loads(person.reads("routines", "--json"))}
    assert {"short", "desk-break", "lower-back-gentle", "lower-back-strength"} <= set(listed)
    assert listed["short"]["spoken_names"] == ["short one"]
    plan = json.loads(person.reads("rehearse", "short", "--json"))
    assert listed["short"]["total_s"] == pytest.approx(plan["total_s"], abs=0.1)
    table = person.reads("routines")
    assert re.search(r'^short +\d\d:\d\d +1 +"start short one"$', table, re.MULTILINE)
    assert re.search(r"^desk-break .*usual", table, re.MULTILINE)


# --- sound ------------------------------------------------------------------


def test_what_it_says_it_can_hear(person: Person) -> None:
    """A spoken command goes into a file and comes back as the same command."""
    person.reads("say", "Hey coach, start lower back.", "--to", "order.wav")
    with wave.open(str(person.folder / "order.wav")) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (22050, 2, 1)
        assert 1 < file.getnframes() / 22050 < 5
    row, summary = map(json.loads, person.reads("hear", "order.wav", "--json").splitlines())
    assert (row["command"], row["accepted"]) == ("start", True)
    assert row["slots"]["routine"].startswith("lower-back")
    assert summary["utterances"] == 1
    assert "-> start routine=lower-back" in person.reads("hear", "order.wav")


def test_the_state_decides_what_is_a_command(person: Person) -> None:
    """In a session no wake phrase is needed; idle, the same words are nothing. While it speaks,
    only what makes it stop is taken."""
    person.reads("say", "Pause.", "--to", "pause.wav")
    in_session = person.reads("hear", "pause.wav", "--state", "session")
    assert "-> pause" in in_session
    assert "->" not in person.reads("hear", "pause.wav")
    assert "-> pause" in person.reads("hear", "pause.wav", "--state", "speaking")
    person.reads("say", "Repeat.", "--to", "repeat.wav")
    assert "-> repeat" in person.reads("hear", "repeat.wav", "--state", "session")
    assert "->" not in person.reads("hear", "repeat.wav", "--state", "speaking")


def test_the_configured_voice_speaks(person: Person) -> None:
    """`say` takes rate and voice from the configuration."""
    person.config.mkdir(parents=True)
    person.reads("say", "One two three four five six seven eight.", "--to", "usual.wav")
    (person.config / "config.toml").write_text("[voice]\nrate_wpm = 80\n")
    person.reads("say", "One two three four five six seven eight.", "--to", "slow.wav")
    usual, slow = ((person.folder / name).stat().st_size for name in ("usual.wav", "slow.wav"))
    assert slow > 1.3 * usual
    (person.config / "config.toml").write_text('[voice]\nvoice = "klingon"\n')
    assert '"klingon"' in person.refused(3, "say", "hello", "--to", "x.wav")


def test_models_are_listed_with_the_one_in_use(person: Person) -> None:
    """Somebody sees which models there are, and the path of the one that is used."""
    table = person.reads("models")
    assert person.reads("models", "list") == table
    assert re.search(r"^en-command +in use", table, re.MULTILINE)
    assert re.search(r"^vosk-model-small-en-us-0.15 +not fetched", table, re.MULTILINE)
    path = Path(person.reads("models", "path").strip())
    assert (path / "conf" / "model.conf").is_file()


def test_a_fetched_model_waits_for_the_next_start(person: Person) -> None:
    """That is said beside the path, which stays alone for programs that read it."""
    place = person.folder / ".cache" / "vosk" / "vosk-model-small-en-us-0.15"
    for name in ("am/final.mdl", "conf/model.conf"):
        (place / name).parent.mkdir(parents=True)
        (place / name).touch()
    done = person.types("models", "fetch", place.name)  # it is there: nothing is downloaded
    assert (done.returncode, done.stdout) == (0, f"{place}\n")
    assert done.stderr == "A running assistant uses it once it is started again.\n"


def test_somebody_who_names_a_routine_asks_which_words_are_heard(person: Person) -> None:
    assert person.reads("models", "words", "Garden", "zqx", "hip bridge") == (
        "Known: garden, hip, bridge.\nNot known: zqx. Choose another word for it.\n"
    )
    assert person.reads("models", "words", "hip") == "Known: hip.\n"


def test_a_download_without_a_terminal_tells_each_tenth_once(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A log gets a line for each tenth of a download, not one for each block."""
    with models._progress() as progress:
        for done in range(0, 41_205_931, 65536):
            progress(done, 41_205_931)
        progress(41_205_931, 41_205_931)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 11
    assert lines[0] == "0.0 of 41.2 MB, 0 %"
    assert lines[-1] == "41.2 of 41.2 MB, 100 %"


# --- the house --------------------------------------------------------------


def test_the_printed_configuration_can_be_used_as_it_is(person: Person) -> None:
    """`assistant config` prints what may be saved as the configuration."""
    person.config.mkdir(parents=True)
    path = person.config / "config.toml"
    assert person.reads("config", "--path") == f"{path}\n"
    path.write_text("[reminder]\nsit_min = 33\n")
    printed = person.reads("config")
    assert "sit_min = 33.0" in printed
    path.write_text(printed)
    assert person.reads("config") == printed


def test_bash_completes_commands_and_options(person: Person) -> None:
    """The script that `completion bash` prints does complete."""
    if shutil.which("bash") is None:
        pytest.skip("there is no bash here")
    script = person.reads("completion", "bash") + (
        "\nCOMP_WORDS=(assistant reh); COMP_CWORD=1; _shtab_assistant; echo ${COMPREPLY[@]}"
        "\nCOMP_WORDS=(assistant run --on); COMP_CWORD=2; _shtab_assistant; echo ${COMPREPLY[@]}\n"
    )
    done = subprocess.run(["bash"], input=script, capture_output=True, text=True)
    assert done.stdout.splitlines() == ["rehearse", "--once"]


@pytest.mark.parametrize("shell", ["zsh", "tcsh"])
def test_other_shells_get_a_script_too(person: Person, shell: str) -> None:
    """There is a completion script for each shell that is offered."""
    script = person.reads("completion", shell)
    assert "rehearse" in script
    if shutil.which(shell):
        path = person.folder / "script"
        path.write_text(script)
        assert subprocess.run([shell, "-n", str(path)]).returncode == 0


def everything(person: Person) -> Iterator[tuple[int, list[str]]]:
    """Every command that ends by itself, with the exit code it has wherever it is run."""
    wav = str(person.folder / "x.wav")
    yield 0, ["--help"]
    yield 0, ["--version"]
    yield 0, ["say", "Pause.", "--to", wav]
    yield 0, ["hear", wav, "--state", "session"]
    yield 0, ["rehearse", "desk-break"]
    yield 0, ["routines"]
    yield 0, ["figure", "bridge"]
    yield 0, ["handout", "desk-break"]
    yield 0, ["models"]
    yield 0, ["models", "path"]
    yield 0, ["config"]
    yield 0, ["config", "--path"]
    yield 0, ["completion", "bash"]
    yield 0, ["doctor"]
    yield 4, ["run", "juggling", "--once", "--plain"]
    yield 7, ["replay", "nowhere.jsonl"]


@pytest.mark.parametrize("home", [None, "/dev/null/nobody", "", "read-only"])
def test_every_command_works_without_a_home(person: Person, home: str | None) -> None:
    """A home that is absent or can't be written costs no command its work."""
    if home is None:
        del person.env["HOME"]
        for name in ("CONFIG", "STATE"):  # or they would be those of whoever runs the tests
            person.env[f"XDG_{name}_HOME"] = str(person.folder / name)
    elif home == "read-only":
        if os.geteuid() == 0:
            pytest.skip("root may write everywhere")
        person.env["HOME"] = str(person.folder / "home")
        (person.folder / "home").mkdir(mode=0o500)
    else:
        person.env["HOME"] = home
    for code, words in everything(person):
        done = person.types(*words)
        assert done.returncode == code, (words, done.stderr)


# --- endings ----------------------------------------------------------------


def test_a_reader_that_leaves_is_no_failure(person: Person) -> None:
    """`assistant rehearse ... | head -1` ends quietly."""
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "rehearse", "lower-back-strength", "--json"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=person.env,
        bufsize=0,
    )
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    assert process.wait() == 0


def test_a_full_disk_is_said(person: Person) -> None:
    """Output that can't be stored ends with 7, not with silence."""
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "assistant", "routines"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            env=person.env,
        )
    assert done.returncode == 7
    assert done.stderr == "assistant: the output can't be written (No space left on device)\n"


def test_a_terminal_that_lacks_letters_gets_the_rest(person: Person) -> None:
    """An old encoding is no reason to fail."""
    person.env |= {"PYTHONIOENCODING": "ascii"}
    (person.folder / "short.toml").write_text(GOOD_FILE.replace("A short", "Voilà, a short"))
    assert "Voil?, a short one." in person.reads("rehearse", "short.toml")


def test_ctrl_c_ends_with_130_and_without_words(person: Person) -> None:
    """Ctrl-C is a wish, not an error."""
    pipe = person.folder / "pipe.wav"
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "hear", str(pipe)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=person.env,
        # A shell starts what runs in the background deaf to it, the tests too.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    with pipe.open("wb"):  # opens when the other side reads
        process.send_signal(signal.SIGINT)
    # A signal that comes just before a read is noticed after it, so the pipe must end.
    said = process.communicate(timeout=20)
    assert said == ("", "")
    assert process.returncode == 130


def test_what_nobody_foresaw_is_one_sentence_and_a_file(person: Person) -> None:
    """An error of the program's own is told in a sentence; its details are kept for a report."""
    (person.folder / "shtab.py").write_text("raise RuntimeError('the moon is full')")
    person.env["PYTHONPATH"] = f"{person.folder}:{ROOT}"
    done = person.types("completion", "bash")
    crash = person.state / "crash.txt"
    assert done.returncode == 1
    assert done.stderr == (
        "assistant: something went wrong that should not (RuntimeError); "
        f"the details are in {crash}\n"
    )
    assert "the moon is full" in crash.read_text()
    assert crash.stat().st_mode & 0o777 == 0o600
    told = subprocess.run(
        [sys.executable, "-m", "assistant", "completion", "bash", "--debug"],
        capture_output=True,
        text=True,
        env=person.env,
    )
    assert "the moon is full" in told.stderr
    assert told.returncode == 1


# --- running ----------------------------------------------------------------


def started(
    person: Person, *options: str, preexec_fn: Callable[[], object] | None = None
) -> subprocess.Popen[str]:
    """The assistant without a terminal or any sound device, waiting for somebody."""
    nothing = person.folder / "asound.conf"
    nothing.write_text("")
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "run", "--plain", *options],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env=person.env | {"ALSA_CONFIG_PATH": str(nothing), "PYTHONUNBUFFERED": "1"},
        cwd=person.folder,
        preexec_fn=preexec_fn,
    )
    assert process.stdout is not None
    assert any("Ready" in line for line in process.stdout), "it never was ready"
    return process


def test_what_was_recorded_replays_to_the_same(person: Person) -> None:
    """A run that Ctrl-C ended left a recording, and `replay` comes to the very same effects."""
    process = started(person, "--record", "run.jsonl")
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130
    assert "the very same effects" in person.reads("replay", "run.jsonl")
    recording = person.folder / "run.jsonl"
    lines = recording.read_text().splitlines()
    recording.write_text("\n".join([*lines[:-1], '{"now": 1}']))
    assert f"run.jsonl, line {len(lines)}" in person.types("replay", "run.jsonl").stderr


@pytest.mark.parametrize("words", [[], ["desk-break"]])
def test_a_closed_ear_opens_no_microphone_at_the_next_start(
    person: Person, words: list[str]
) -> None:
    """Not for a moment, also where a routine is asked for: one that isn't there is missed only
    when the ear is opened."""
    person.config.mkdir(parents=True)
    keys = '[hearing]\nmicrophone = "not this one"\n[session]\nwelcome = false\n'
    (person.config / "config.toml").write_text(keys)
    person.state.mkdir(parents=True)
    journal = Journal(lambda event: None, person.state / "journal.sqlite3")
    journal(Keep(Place(ear_closed=True)))
    journal.close()
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "run", "--plain", *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env=person.env,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    told = []
    for line in process.stdout:
        told.append(line)
        if "My ear is closed" in line:
            process.stdin.write("listen again\n")
        if "I can't hear you" in line:
            break
    process.terminate()
    process.communicate(timeout=20)
    assert [line for line in told if "I hear you again" in line], told


def test_after_a_killed_assistant_the_next_one_starts(person: Person) -> None:
    """kill -9 leaves nothing that is in the way of the next start."""
    first = started(person)
    assert f"process {first.pid}" in person.refused(5, "run", "--plain")
    first.kill()
    first.communicate(timeout=20)
    second = started(person)
    second.terminate()
    second.communicate(timeout=20)
    assert second.returncode == 0


def test_signals_are_obeyed_from_the_start_to_the_very_end(person: Person) -> None:
    """Also before anything is open, and over and over: a closed terminal sends two."""
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant", "run", "--plain"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=person.env,
        preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_DFL),  # the tests may be deaf
    )
    status = Path(f"/proc/{process.pid}/status")
    waited_for = (signal.SIGTERM, signal.SIGHUP, signal.SIGINT)
    caught = 0
    while not all(caught >> (number - 1) & 1 for number in waited_for):
        assert process.poll() is None
        found = re.search(r"^SigCgt:\s*(\w+)", status.read_text(), re.MULTILINE)
        caught = int(found[1], 16) if found is not None else 0
    limit = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < limit:
        for number in (signal.SIGTERM, signal.SIGHUP):
            process.send_signal(number)
    assert process.returncode == 0


def test_a_closed_terminal_ends_nothing_that_is_to_outlive_it(person: Person) -> None:
    """`nohup assistant run &`"""
    process = started(person, preexec_fn=lambda: signal.signal(signal.SIGHUP, signal.SIG_IGN))
    process.send_signal(signal.SIGHUP)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)
    assert process.returncode == 130


def test_it_runs_with_every_standard_stream_closed(person: Person) -> None:
    """Its children, too, and what becomes of the microphone is told."""
    words = 'exec "$0" -m assistant run --record steps.jsonl <&- >&- 2>&-'
    process = subprocess.Popen(
        ["sh", "-c", words, sys.executable], env=person.env, cwd=person.folder
    )
    steps = person.folder / "steps.jsonl"
    while not (steps.exists() and '"part": "microphone"' in steps.read_text()):
        assert process.poll() is None
        time.sleep(0.05)
    process.terminate()
    assert process.wait(timeout=20) == 0
    assert "it stopped unexpectedly" not in steps.read_text()


def test_speech_goes_through_a_pipe_as_into_a_file(person: Person) -> None:
    """`assistant say ... --to /dev/stdout | aplay`; a player that has had enough is no failure."""
    person.reads("say", "Hello.", "--to", "hello.wav")
    say = [sys.executable, "-m", "assistant", "say", "Hello.", "--to", "/dev/stdout"]
    piped = subprocess.run(say, capture_output=True, env=person.env, timeout=50)
    assert piped.stdout == (person.folder / "hello.wav").read_bytes()
    read_end, write_end = os.pipe()
    os.close(read_end)
    left = subprocess.run(say, stdout=write_end, stderr=subprocess.PIPE, env=person.env, timeout=50)
    os.close(write_end)
    assert (left.returncode, left.stderr) == (0, b"")


@pytest.mark.parametrize("umask", [0o022, 0o077])
def test_a_sound_file_is_as_readable_as_the_umask_has_it(person: Person, umask: int) -> None:
    before = os.umask(umask)
    try:
        person.reads("say", "Hello.", "--to", "hello.wav")
        person.reads("rehearse", "desk-break-5", "--to", "break.wav")
    finally:
        os.umask(before)
    for name in ("hello.wav", "break.wav"):
        assert (person.folder / name).stat().st_mode & 0o777 == 0o666 & ~umask


def test_an_error_of_a_file_is_told_once_wherever_it_lies(person: Person) -> None:
    """Also of one in the folder where one's own routines are read from anyway."""
    own = person.config / "routines"
    (own / "exercises").mkdir(parents=True)
    (own / "sunday.toml").write_text(GOOD_FILE.replace('"bridge"', '"brigde"'))
    (own / "exercises" / "mine.toml").write_text('id = "mine"\n')
    for path in (own / "sunday.toml", Path(os.path.relpath(own / "sunday.toml", person.folder))):
        done = person.types("routines", "check", str(path))
        assert done.returncode == 3
        lines = done.stdout.splitlines()
        assert len(lines) == len({line.partition("routines/")[2] for line in lines})
        assert sum("brigde" in line for line in lines) == 1


def test_a_welcome_is_left_for_the_next_start_where_none_runs(person: Person) -> None:
    """Asked for twice it comes once."""
    for _ in range(2):
        assert "assistant run" in person.reads("welcome")
    [left] = [file.name for file in person.state.iterdir()]
    assert left == "welcome-wanted"
