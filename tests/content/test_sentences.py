"""Every sentence that the assistant can say: its tone, and how it sounds."""

import ast
import re
import subprocess
from pathlib import Path
from types import FunctionType
from typing import Any

import pytest

from assistant.coach.effects import Context
from assistant.content import plan_sentences, read_back, voice_sentences, welcome_sentences, words
from assistant.content import sentences as templates
from assistant.content.author_advice import misread
from assistant.content.catalogue import FILLED_ELSEWHERE, Sentence, calls, every_sentence
from assistant.content.limits import sentences as split
from assistant.content.plan import compile_plan, told_to
from assistant.hearing.understand import Understanding, plain
from tests.content.voice import ROUTINES, alone, missing, shipped

ROOT = Path(__file__).resolve().parents[2]
LIBRARY = shipped()
ALL = every_sentence(LIBRARY)
SPOKEN = [sentence for sentence in ALL if "{" not in sentence.text]

PROMISES = re.compile(
    r"\b(cure[sd]?|heal(s|ed|ing)?|guarante\w*|fix(es|ed)?|must|diagnos\w*|prevent\w*|proven"
    r"|treat(s|ed|ment)?|medicine|ibuprofen|paracetamol|aspirin|painkiller\w*|all clear"
    r"|nothing is wrong|you are fine|no pain no gain|push through|lazy|fail(ed|ure)?|missed"
    r"|forgot|should have|unfortunately|guilty|disappoint\w*|slack\w*)\b",
    re.IGNORECASE,
)
"""Promises, orders, drugs, all-clears and blame: never said."""


WHERE = ("sentences.", "plan_sentences.", "welcome_sentences.", "voice_sentences.", "read_back.")
OWN = {s.text for s in ALL if s.where.startswith(WHERE)}
LED = {s.text for s in ALL if s.where.startswith("routines/")}


def test_every_template_of_its_own_is_gathered_and_nothing_else() -> None:
    """Each constant by its name, each function with values of use; no name that isn't there."""
    called = {call[0].__name__ for call in calls(LIBRARY)}
    functions: set[str] = set()
    for module in (templates, plan_sentences, welcome_sentences, voice_sentences, read_back):
        where = module.__name__.rpartition(".")[2] + "."
        named = {s.where.removeprefix(where) for s in ALL if s.where.startswith(where)}
        constants = {name for name in vars(module) if re.fullmatch(r"[A-Z][A-Z_]*", name)}
        constants = {name for name in constants if not isinstance(getattr(module, name), float)}
        own = {
            name
            for name, value in vars(module).items()
            if isinstance(value, FunctionType)
            and value.__module__ == module.__name__
            and not name.startswith("_")
        }
        functions |= own
        said = {s.text for s in ALL}
        same = {name for name in constants - named if _texts(getattr(module, name)) <= said}
        assert constants == (named - own) | same | (FILLED_ELSEWHERE & constants)
    assert called == functions
    assert all("{" in getattr(templates, name) for name in FILLED_ELSEWHERE)


def _texts(value: Any) -> set[str]:
    if isinstance(value, str):
        return {value}
    return set(value.values() if isinstance(value, dict) else value)


def test_every_template_is_said_somewhere() -> None:
    """Each constant and function is used by what decides; what is only listed is never heard."""
    modules = {name[:-1] for name in WHERE}
    used = {name: set[str]() for name in modules}
    for path in (ROOT / "assistant").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        called: dict[str, str] = {}
        for node in ast.walk(tree) if path.stem != "catalogue" else ():
            match node:
                case ast.ImportFrom(module="assistant.content", names=names):
                    called |= {one.asname or one.name: one.name for one in names}
                case ast.ImportFrom(module=str(source), names=names):
                    used.setdefault(source.rpartition(".")[2], set()).update(n.name for n in names)
                case ast.Attribute(value=ast.Name(id=short), attr=name) if short in called:
                    used.setdefault(called[short], set()).add(name)
                case ast.Name(id=name, ctx=ast.Load()) if path.stem in modules:
                    used[path.stem].add(name)
    for module in (templates, plan_sentences, welcome_sentences, voice_sentences, read_back):
        own = [n for n, v in vars(module).items() if n.isupper() or isinstance(v, FunctionType)]
        stem = module.__name__.rpartition(".")[2]
        assert not {name for name in own if name[0] != "_"} - used[stem], stem


def test_what_routines_say_is_what_plans_say_and_nothing_else() -> None:
    """Compiled here anew, in full and briefly, from each routine and each exercise on either side;
    what answers "why" stands in the plan too. No sentence of a file is listed that nobody says."""
    said: set[str] = set()
    for routine in (*LIBRARY.routines.values(), *alone(LIBRARY)):
        plan = compile_plan(routine)
        said |= {text for care in plan.care for text in care}
        for segment in (*plan.segments, *told_to(plan, plan.exercise_ids).segments):
            said |= {cue.text for cue in (*segment.cues, *segment.unit)}
    elsewhere = {s.text for s in ALL} - LED
    assert said - LED == said & elsewhere
    assert {text for text in LED - said if not text.startswith("About ")} == set()


def test_every_sentence_of_an_exercise_file_is_said() -> None:
    """Its steps and cautions with the steps or to who asks why; its movement before the work."""
    said = {s.text for s in ALL}
    for e in LIBRARY.exercises.values():
        texts = [*e.steps, *e.contraindications, e.breathing, e.ready, e.move, e.release]
        texts += [*e.mistakes, *(prompt.say for prompt in e.cues), e.switch, e.done, e.between_sets]
        for sentence in (part for text in texts if text not in said for part in split(text)):
            small = f"{sentence[:1].lower()}{sentence[1:]}"
            led = any(other.endswith((f": {small}", sentence)) for other in said)
            assert led, (e.id, sentence)
        assert f"End it if {e.stop_if}." in said


def test_they_are_many_and_each_stands_once() -> None:
    assert len(ALL) > 450
    assert len({sentence.text for sentence in ALL}) == len(ALL)


def test_every_place_of_a_template_is_filled() -> None:
    """What is read here is what is heard."""
    assert [s for s in ALL if "{" in s.text or "None" in s.text] == []


def test_nothing_is_promised_ordered_or_blamed() -> None:
    """No cure, no must, no diagnosis, no drug, no reproach, in any sentence."""
    plainly = re.compile("not diagnosis or treatment|from Orlando Sports Medicine")
    assert [s for s in ALL if PROMISES.search(plainly.sub("", s.text))] == []


@pytest.mark.parametrize("text", ["This will cure you.", "You must go on.", "It fixes your back."])
def test_the_search_for_promises_finds_them(text: str) -> None:
    assert PROMISES.search(text)


def test_no_sentence_is_a_command() -> None:
    """Should it hear its own voice, it takes nothing for an order. What routines say is no command
    anywhere; its own sentences are none where commands need no wake phrase, and after the wake
    phrase it says nothing."""
    names = {routine.id: routine.spoken_names for routine in LIBRARY.routines.values()}
    understanding = Understanding(ROUTINES / "commands.yaml", ["hey coach"], names)
    phrases = {context: set(understanding.phrases(context)) for context in Context}
    phrases[Context.PAIN] -= {words.number(value) for value in range(11)}  # it counts nothing then
    open_ones = set().union(*(phrases[c] for c in Context if c is not Context.AWAKE))
    assert {"stop", "hey coach", "go on"} <= open_ones
    assert "list routines" in phrases[Context.AWAKE] - open_ones
    echoes = [
        (part, sentence.where)
        for sentence in ALL
        for part in (sentence.text, *split(sentence.text))
        if plain(part) in open_ones
        or (sentence.where.startswith("routines/") and plain(part) in phrases[Context.AWAKE])
    ]
    assert echoes == []


def test_they_are_readable_aloud() -> None:
    """Letters and the plainest signs, numbers as words, a capital first and a stop last."""
    odd = [s for s in SPOKEN if not re.fullmatch(r"[A-Z][A-Za-z ,.:;!?'()-]*[.!?]", s.text)]
    assert odd == []


def longest(sentence: Sentence) -> int:
    return max(len(re.findall(r"[\w'-]+", part)) for part in split(sentence.text))


def test_they_are_short() -> None:
    """At most 22 words a sentence, 60 in one breath; while led at most 16 a sentence."""
    assert [s for s in ALL if longest(s) > 22] == []
    assert [s for s in ALL if len(s.text.split()) > 60] == []
    led = [s for s in ALL if s.where.startswith("routines/")]
    assert [s for s in led if longest(s) > 17] == []


# --- how the voice says it ------------------------------------------------------


def phonemes(texts: list[str]) -> list[str]:
    """What espeak-ng makes of each sentence, in its own letters."""
    said = subprocess.run(
        ["espeak-ng", "-v", "en-us", "-q", "-x", "--stdin"],
        input="\n\n".join(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    return said.stdout.split("\n")


@pytest.mark.skipif(bool(missing()), reason=missing())
@pytest.mark.parametrize(
    ("text", "wrong", "right"),
    [
        ("Use a chair.", "j'u:s", "j'u:z"),
        ("Please close your eyes.", "kl'oUs", "kl'oUz"),
        ("And wind down.", "w'Ind", "w'aInd"),
        ("Hold it for ten secs.", "s'Eks", "s'Ek@ndz"),
        ("Stage II.", "r,oUm", "t'u:"),
        ("Separate your feet.", "s'Ep@-r@t", "s'Ep3r,eIt"),
        ("Please alternate sides.", "'3:n@t", "3n,eIt"),
        ("Bow your head.", "b'oU", "b'aU"),
        ("Pilates at home.", "p'Il", "l'A:ti:z"),
        ("Ten Kegels.", "dZ@Lz", "g@Lz"),
        ("KEEP IT STRAIGHT.", ",aIt'i:", "'It"),
        ("The SI joint.", "s'i:", "'aI"),
    ],
)
def test_the_voice_has_ways_of_its_own_that_authors_are_told_of(
    text: str, wrong: str, right: str
) -> None:
    """Heard in its phonemes; who writes one of these is told what to write."""
    said = " ".join(phonemes([text]))
    assert wrong in said
    assert right not in said.replace(wrong, "") or text == "Stage II."
    assert misread(text)


HETERONYMS = {
    "use": "u:z",
    "close": "kl'oUz",
    "lead": "l'i:d",
    "live": "l'Iv",
    "minute": "m'In",
    "closer": "kl'oUs",
}
"""Words of ours that are written alike and said in two ways: as each is meant."""


@pytest.mark.skipif(bool(missing()), reason=missing())
def test_no_sentence_of_ours_is_said_otherwise_than_it_is_meant() -> None:
    """By the voice itself for words that can be said in two ways; by the patterns for the rest."""
    assert [s for s in SPOKEN if misread(s.text)] == []
    ours = [part for s in SPOKEN for part in split(s.text)]
    for word, meant in HETERONYMS.items():
        holding = sorted({p for p in ours if re.search(rf"\b{word}\b", p, re.IGNORECASE)})
        for sentence in holding:
            assert meant in " ".join(phonemes([sentence])), sentence
