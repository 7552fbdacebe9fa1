"""Who exercises here, by what `[people]` says.

Decides what a name may be, what is said for it, and under which id everything of that person's is
kept. What a person has told is kept in their own journal, which this doesn't know.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.coach.events import GUEST
from assistant.config.keys import Config, Stranger
from assistant.content.words import listing
from assistant.errors import AssistantError, ExitCode

LONGEST = 30
_NAME = re.compile(r"[^\W\d_]+(?:[ '’-][^\W\d_]+)*")
_LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ı": "i", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th"}
)
"""Those that are no letter with a sign."""
SPOKEN = re.compile(r"[a-z]+(?:'[a-z]+)*(?: [a-z]+(?:'[a-z]+)*)*")


@dataclass(frozen=True, slots=True)
class Named:
    """Somebody who exercises here."""

    name: str
    spoken: tuple[str, ...]
    """What can be said for the name: lower-case words."""

    @property
    def id(self) -> str:
        return id_of(self.name)

    def __str__(self) -> str:
        """As it stands in the configuration."""
        plain = self.spoken == (said_for(self.name),)
        return self.name if plain else f"{self.name}: {', '.join(self.spoken)}"


def id_of(name: str) -> str:
    return re.sub(r"[^\w]+", "-", name.lower())


def said_for(name: str) -> str:
    """ "José" is said "jose", "Łukasz" "lukasz", "Mary-Jane" "mary jane"."""
    letters = unicodedata.normalize("NFD", name.casefold().replace("-", " ").replace("’", "'"))
    return "".join(one for one in letters if not unicodedata.combining(one)).translate(_LETTERS)


def read(text: str) -> Named:
    """A person as `[people]` writes them: "Mia", or "Mia: maya, mee a" where another word is said.
    Raises ValueError, with what was expected."""
    name, colon, others = (part.strip() for part in text.partition(":"))
    if not _NAME.fullmatch(name) or len(name) > LONGEST:
        raise ValueError('a name such as "Maria", of letters')
    if id_of(name) == GUEST:
        raise ValueError("another name: a guest is whoever has none here")
    spoken = tuple(one.strip() for one in others.split(",")) if colon else (said_for(name),)
    if not all(map(SPOKEN.fullmatch, spoken)):
        likely = [said_for(one) for one in (*spoken, name)]
        said = next(filter(SPOKEN.fullmatch, likely), "sounds like this")
        raise ValueError(f'what is said for it, in lower-case words of a to z: "{name}: {said}"')
    return Named(name, spoken)


def everybody(config: Config) -> tuple[Named, ...]:
    """All of them, whose desk it is first; none where nobody is told apart."""
    owner = config.people.owner
    return tuple(map(read, (owner, *config.people.others))) if owner else ()


def spoken(config: Config) -> dict[str, tuple[str, ...]]:
    """What is said for each, by their id."""
    return {one.id: one.spoken for one in everybody(config)}


def owner(config: Config) -> str:
    """The id of whose desk it is; empty where nobody is told apart."""
    return next((one.id for one in everybody(config)), "")


def stranger(config: Config) -> str:
    """Who somebody is taken for who hasn't said who they are."""
    guest = config.people.others and config.people.unknown is Stranger.GUEST
    return GUEST if guest else owner(config)


def find(config: Config, name: str) -> Named:
    """Raises AssistantError where there is nobody of that name."""
    known = everybody(config)
    for one in known:
        if id_of(name.strip()) == one.id:
            return one
    there = f"there are {listing([one.name for one in known])}" if known else "there is nobody yet"
    raise AssistantError(
        f'nobody here is called "{name}"; {there}; `assistant people add NAME` adds somebody',
        code=ExitCode.COMMAND_LINE,
    )


def clash(people: Sequence[Named]) -> tuple[int, str]:
    """Which of them can't be told from one before, and by what; -1: they all can."""
    taken: set[str] = set()
    for place, one in enumerate(people):
        mine = {one.id, *one.spoken}
        if both := taken & mine:
            return place, min(both)
        taken |= mine
    return -1, ""
