"""The walls of the house: which room may import what, read from the source itself."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "assistant"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if "data" not in path.parts)

COACH_FACE = tuple(
    f"assistant.coach.{name}" for name in ("ear_and_voice", "effects", "events", "what_counts")
)
BELOW = ("assistant.errors", "assistant.machine")
ROOMS: dict[str, tuple[str, ...]] = {
    "machine": ("assistant.errors",),
    "sound": ("assistant.errors",),
    "content": ("assistant.errors",),
    "coach": ("assistant.content", "assistant.errors"),
    "config": (
        *COACH_FACE,
        "assistant.coach.settings",
        "assistant.coach.working_hours",
        "assistant.content",
        *BELOW,
    ),
    "hearing": (*COACH_FACE, "assistant.sound", *BELOW),
    "speaking": (*COACH_FACE, "assistant.sound", *BELOW),
    "panel": (*COACH_FACE, "assistant.content", "assistant.errors"),
    "journal": (*COACH_FACE, *BELOW),
    "outside": (
        "assistant.__version__",
        *COACH_FACE,
        "assistant.config",
        "assistant.content",
        "assistant.office",
        "assistant.panel.lamp_patterns",
        *BELOW,
    ),
    "office": ("assistant.content", *BELOW),
    "simulation": (
        "assistant.coach",
        "assistant.content",
        "assistant.errors",
        "assistant.machine.messages",
    ),
    "doctor": (
        *COACH_FACE,
        "assistant.config",
        "assistant.content",
        "assistant.hearing",
        "assistant.outside",
        "assistant.panel",
        "assistant.sound",
        "assistant.speaking",
        *BELOW,
    ),
    "cli": ("assistant",),
}
"""What each room may import of ours, besides itself; only `cli` and `app` see all of them."""

ON_TOP = {
    "__init__": (),
    "__main__": ("assistant.cli",),
    "app": ("assistant",),
    "errors": (),
}
"""The files that stand in no room, all of them."""

ADAPTERS = {
    "vosk": {"hearing"},
    "sounddevice": {"sound"},
    "pyttsx3": {"speaking"},
    "gpiozero": {"panel"},
    "lgpio": {"panel"},
    "paho": {"outside"},
    "resvg_py": {"cli"},
    "soundfile": {"sound"},
    "hassil": {"hearing"},
    "yaml": {"hearing"},
    "shtab": {"cli"},
    "nacl": {"office"},
    "tomlkit": {"config"},
    "h11": {"outside"},
    "segno": {"cli", "outside"},
}
"""The rooms that may know a third-party library. One file in each."""

ONLY_WHEN_OPENED = {
    *("vosk", "sounddevice", "pyttsx3", "gpiozero", "lgpio", "nacl", "paho", "resvg_py"),
    "soundfile",
}
"""Slow or absent on some machines: never imported just because a module of ours is."""

IMPURE = {
    "asyncio", "datetime", "glob", "io", "logging", "multiprocessing", "os", "pathlib", "queue",
    "random", "secrets", "shutil", "signal", "socket", "sqlite3", "subprocess", "sys", "tempfile",
    "threading", "time",
}  # fmt: skip
"""A clock, a thread, a file, a device, chance: nothing for the core."""


@dataclass(frozen=True)
class Import:
    """One imported module, by its full name; `eager` when importing the file is enough for it."""

    module: str
    line: int
    eager: bool


def imports(source: str, package: str) -> Iterator[Import]:
    """All imports of a file that lies in `package`, wherever they stand."""

    def visit(node: ast.AST, eager: bool) -> Iterator[Import]:
        for child in ast.iter_child_nodes(node):
            if isinstance(child, ast.Import):
                for alias in child.names:
                    yield Import(alias.name, child.lineno, eager)
            elif isinstance(child, ast.ImportFrom):
                base = child.module or ""
                if child.level:
                    above = package.split(".")[: len(package.split(".")) - child.level + 1]
                    base = ".".join([*above, *([base] if base else [])])
                for alias in child.names:
                    yield Import(f"{base}.{alias.name}", child.lineno, eager)
            else:
                function = isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
                typing_only = isinstance(child, ast.If) and "TYPE_CHECKING" in ast.dump(child.test)
                yield from visit(child, eager and not function and not typing_only)

    yield from visit(ast.parse(source), True)


def imports_of(path: Path) -> list[Import]:
    package = ".".join(path.relative_to(ROOT).parent.parts)
    return list(imports(path.read_text(encoding="utf-8"), package))


def room_of(path: Path) -> str:
    parts = path.relative_to(PACKAGE).parts
    return parts[0] if len(parts) > 1 else ""


def within(module: str, allowed: tuple[str, ...]) -> bool:
    return any(module == one or module.startswith(one + ".") for one in allowed)


def ours(found: list[Import]) -> list[Import]:
    return [one for one in found if within(one.module, ("assistant",))]


def where(path: Path, found: Import) -> str:
    return f"{path.relative_to(ROOT)}:{found.line} imports {found.module}"


def test_every_folder_of_the_program_is_a_room_with_rules() -> None:
    """A new folder in the program needs its line in the table above."""
    folders = {room_of(path) for path in SOURCES} - {""}
    assert folders <= set(ROOMS)
    assert {"coach", "content"} <= folders


def test_a_room_imports_only_what_its_walls_allow() -> None:
    """Devices never import one another, content nothing of ours, the core knows content only."""
    broken = []
    for path in SOURCES:
        room = room_of(path)
        allowed = (f"assistant.{room}", *ROOMS[room]) if room else ON_TOP[path.stem]
        found = ours(imports_of(path))
        broken += [where(path, one) for one in found if not within(one.module, allowed)]
    assert not broken


def test_no_file_of_the_product_knows_the_tests() -> None:
    """What measures and what tries out stands outside, and may look in."""
    assert not [
        where(path, one)
        for path in SOURCES
        for one in imports_of(path)
        if within(one.module, ("tests",))
    ]


def test_nothing_is_imported_in_a_circle() -> None:
    """Whoever reads a file and what it imports comes to an end. An import inside a function, or for
    a type's name only, counts as any other."""
    names = {module_of(path): path for path in SOURCES}
    uses = {
        name: {found for one in ours(imports_of(path)) if (found := file_of(one.module, names))}
        - {name}
        for name, path in names.items()
    }
    while leaves := [name for name, used in uses.items() if not used]:
        for name in leaves:
            del uses[name]
        uses = {name: used - set(leaves) for name, used in uses.items()}
    assert not uses


def module_of(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def file_of(module: str, names: Collection[str]) -> str:
    """The file that an imported name stands in."""
    while module not in names:
        module = module.rpartition(".")[0]
    return module


# --- a file list that leads to the place ------------------------------------


def test_four_files_stand_in_no_room() -> None:
    assert {path.stem for path in PACKAGE.glob("*.py")} == set(ON_TOP)


COMMANDS = PACKAGE / "cli"
"""A file here is called as its command is, whichever room that opens: `history`, `models`."""


def test_no_two_files_have_one_name() -> None:
    """Whoever looks for a word in the list of files finds the one place."""
    rooms = [path for path in SOURCES if path.parent != COMMANDS]
    stems = Counter(path.stem for path in rooms if not path.stem.startswith("__"))
    assert not {name for name, count in stems.items() if count > 1}


def test_a_file_can_be_read_in_one_go() -> None:
    """Past 400 lines there are two things in it."""
    long = {
        str(path.relative_to(PACKAGE))
        for path in SOURCES
        if len(path.read_text(encoding="utf-8").splitlines()) > 400
    }
    assert not long


# --- what a library is called stays in one file ----------------------------


def test_the_core_is_pure() -> None:
    """Neither the core nor a plan reads a clock, a file, a device or chance."""
    pure = [path for path in SOURCES if room_of(path) == "coach"]
    pure += [PACKAGE / "content" / name for name in ("types.py", "plan.py", "sentences.py")]
    broken = [
        where(path, one)
        for path in pure
        for one in imports_of(path)
        if one.module.split(".")[0] in IMPURE
    ]
    assert not broken


@pytest.mark.parametrize("library", sorted(ADAPTERS))
def test_a_library_is_known_in_one_file_of_the_rooms_that_may(library: str) -> None:
    """What a third-party library calls things stays in its adapter."""
    users: dict[str, set[str]] = {}
    for path in SOURCES:
        if any(within(one.module, (library,)) for one in imports_of(path)):
            users.setdefault(room_of(path), set()).add(str(path.relative_to(ROOT)))
    assert set(users) <= ADAPTERS[library], users
    assert all(len(files) == 1 for files in users.values()), users


def test_a_device_library_is_imported_only_when_the_device_is_opened() -> None:
    """Everything else runs on any laptop, and starts fast."""
    broken = [
        where(path, one)
        for path in SOURCES
        for one in imports_of(path)
        if one.eager and one.module.split(".")[0] in ONLY_WHEN_OPENED
    ]
    assert not broken


def test_no_library_is_used_that_is_not_declared() -> None:
    """What is imported is in the table above; numpy above all is for tests only."""
    known = set(ADAPTERS) | set(sys.stdlib_module_names) | {"assistant"}
    broken = [
        where(path, one)
        for path in SOURCES
        for one in imports_of(path)
        if one.module.split(".")[0] not in known
    ]
    assert not broken


def test_importing_the_whole_program_opens_no_device_library() -> None:
    """The same, seen from outside: a fresh interpreter that has imported every module of ours."""
    modules = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in SOURCES]
    modules = [name for name in modules if not name.endswith("__main__")]
    code = (
        "import importlib, sys\n"
        f"for name in {modules!r}: importlib.import_module(name)\n"
        f"print(sorted({ONLY_WHEN_OPENED | {'numpy'}!r} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")


@pytest.mark.parametrize(
    ("module", "never"),
    [
        ("assistant.hearing.listener", ("assistant.content", "assistant.coach.events", "hashlib")),
        ("assistant.speaking.voice", ("assistant.content", "assistant.coach.events", "subprocess")),
        (
            "assistant.app",
            ("hassil", "yaml", "hashlib", "tempfile", "assistant.content.routine_reader"),
        ),
    ],
)
def test_a_process_loads_nothing_that_it_only_may_need(module: str, never: tuple[str, ...]) -> None:
    """Three of them start at once on a small machine: each of these takes ten milliseconds on a PC,
    or a MiB, in each start."""
    code = f"import sys, {module}\nprint(*sorted(set({never!r}) & set(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    assert done.stdout == "\n"


def test_the_reader_of_imports_finds_what_hides() -> None:
    """Relative, nested, conditional and typing-only imports are all seen for what they are."""
    source = (
        "from ..coach import events\n"
        "import os.path as p\n"
        "try:\n    import vosk\nexcept ImportError:\n    vosk = None\n"
        "def open_it():\n    import gpiozero\n"
        "if TYPE_CHECKING:\n    from numpy import typing\n"
    )
    assert list(imports(source, "assistant.panel")) == [
        Import("assistant.coach.events", 1, True),
        Import("os.path", 2, True),
        Import("vosk", 4, True),
        Import("gpiozero", 8, False),
        Import("numpy.typing", 10, False),
    ]
