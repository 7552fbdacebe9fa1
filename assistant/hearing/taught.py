"""What was learnt about how one person says the short commands, and the file that keeps it.

Decides what is kept of a voice: no sound, only which other words of the model a command is heard
as, how often it is listed and how sure the recogniser must be. A file belongs to one person and to
the speech model that it was learnt with; with another one it counts for nothing. Where people are
told apart it counts while its person is there: a file that was there before, of no name among
theirs, is that of whose desk it is. How it is learnt stands in `teaching`.
"""

import json
import logging
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.errors import AssistantError, ExitCode
from assistant.machine.messages import Protocol, encode
from assistant.machine.whole_file import OWNER_ONLY, write_whole

_log = logging.getLogger(__name__)
FOLDER = "voices"
"""In the state folder."""
NAME = re.compile(r"[^\W_]+(?:-[^\W_]+)*")
"""A person's, in the name of the file."""
NAME_LETTERS = 40
MOST_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Taught:
    """How one phrase is said."""

    phrase: str
    heard_as: tuple[str, ...] = ()
    """Other words that the model writes when this person says it."""
    often: int = 0
    """How often it is listed at least among the phrases of a situation."""
    least_confidence: float = 1.0
    """It is taken with so much confidence, where more would be needed."""

    def __bool__(self) -> bool:
        return bool(self.heard_as) or self.often > 0 or self.least_confidence < 1.0


@dataclass(frozen=True, slots=True)
class Voice:
    """One person's file."""

    model: str
    """Which speech model it was learnt with, see `fingerprint`."""
    phrases: tuple[Taught, ...]
    asked: int = 0
    """Phrases that were asked for; those that need nothing aren't among `phrases`."""


_PROTOCOL = Protocol(Voice)
_FORGET = "take it away: assistant teach --forget"


def fingerprint(model: Path) -> str:
    """Tells one speech model from another: its name, and its acoustic part's first letters of a
    SHA-256. Raises OSError."""
    from hashlib import sha256  # takes memory, and most people teach nothing

    digest = sha256()
    with (model / "am" / "final.mdl").open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return f"{model.name} {digest.hexdigest()[:16]}"


def combined(voices: Iterable[Sequence[Taught]]) -> tuple[Taught, ...]:
    """As one: what any of them says is heard."""
    found: dict[str, Taught] = {}
    for one in (one for phrases in voices for one in phrases):
        before = found.get(one.phrase, Taught(one.phrase))
        found[one.phrase] = replace(
            before,
            heard_as=tuple(dict.fromkeys((*before.heard_as, *one.heard_as))),
            often=max(before.often, one.often),
            least_confidence=min(before.least_confidence, one.least_confidence),
        )
    return tuple(found.values())


def path_of(state: Path, name: str) -> Path:
    """The file of a person in the state folder. Raises AssistantError for a name that is none."""
    if not NAME.fullmatch(name) or name != name.lower() or len(name) > NAME_LETTERS:
        raise AssistantError(
            f'--name "{name}": expected small letters, digits and hyphens, such as anna',
            code=ExitCode.COMMAND_LINE,
        )
    return state / FOLDER / f"{name}.json"


def save(path: Path, voice: Voice) -> None:
    """Whole or not at all, for its owner alone. Raises AssistantError."""
    text = json.dumps(json.loads(encode(voice)), indent=1) + "\n"
    write_whole(path, text.encode(), OWNER_ONLY, make_folder=True)


def load(path: Path) -> Voice:
    """Raises AssistantError, with a cure, for a file that can't be read or holds something else."""
    try:
        with path.open("rb") as file:
            voice = _PROTOCOL.decode(file.read(MOST_BYTES).decode())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise AssistantError(
            f"{path} can't be read ({reason})", code=ExitCode.FILE_ACCESS
        ) from None
    except ValueError:
        raise AssistantError(
            f"{path}: expected what `assistant teach` writes, found something else; "
            f"`assistant teach --forget {path.stem}` takes it away",
            code=ExitCode.FILE_ACCESS,
        ) from None
    assert isinstance(voice, Voice)
    return voice


def files(state: Path) -> list[Path]:
    """Of everybody who taught something, in the order of their names."""
    return sorted((state / FOLDER).glob("*.json"))


def files_of(state: Path, people: Sequence[str], person: str) -> list[Path]:
    """This person's. `people`: the ids of all who are told apart, whose desk it is first; none:
    everybody's are anybody's."""
    return [
        path
        for path in files(state)
        if not people or person == (path.stem if path.stem in people else people[0])
    ]


def known(
    state: Path, model: Path, people: Sequence[str] = (), person: str = ""
) -> tuple[tuple[Taught, ...], list[str]]:
    """What this person taught this model; and why a file is left out, a sentence each. `people`:
    see `files_of`."""
    voices, problems = [], []
    for path in files_of(state, people, person):
        try:
            voice = load(path)
            if voice.model != fingerprint(model):
                again = not people or path.stem in people
                cure = "teach it again: assistant teach --name" if again else _FORGET
                problems.append(
                    f"How {path.stem} says things was learnt with another speech model; "
                    f"{cure} {path.stem}"
                )
                continue
        except AssistantError as error:
            problems.append(str(error))
        except OSError:
            continue  # a model without an acoustic part, which whoever opens it says
        else:
            voices.append(voice.phrases)
    return combined(voices), problems


class Voices:
    """What people taught a model, by the files in a state folder. May be asked from any thread."""

    def __init__(self, state: Path, model: Path, people: Sequence[str] = ()) -> None:
        """`people`: see `files_of`."""
        self._state, self._model, self._people = state, model, people
        self._read_at = 0

    def of(self, person: str) -> tuple[Taught, ...]:
        """What counts while this person is there, as the files are now; the log tells of one that
        can't be used."""
        self._read_at = self._written_at()
        phrases, problems = known(self._state, self._model, self._people, person)
        for problem in problems:
            _log.warning("%s", problem)
        return phrases

    def changed(self) -> bool:
        """Whether a file was written or taken away since they were last read."""
        return self._written_at() != self._read_at

    def _written_at(self) -> int:
        """Of the folder: a file of a voice is written whole, and then put into its place there."""
        try:
            return (self._state / FOLDER).stat().st_mtime_ns
        except OSError:
            return 0
