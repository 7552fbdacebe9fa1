"""Would the tests notice a fault? Puts one at a time into a copy, and runs the tests of its room.

`python -m tests.mutants assistant/journal --sample 40` draws forty faults by chance, anew each time
unless `--seed` says which, and prints each with its place: killed where a test failed, survived
where none did. The rooms' tests are run once without a fault first, to see which of them come by
which line; for a fault there only those are run. What is done is kept in the `--to` file, so the
same command goes on where it was ended; `FILE.py:LINE` puts the faults of one line in again.
Outside CI: a fault takes as long as the tests that it survives, and it runs at nice 19.

It changes comparisons, conditions, numbers, arithmetic and SQL, and leaves statements out, since it
is there that this program decides. A fault that survives is either a hole in the tests or one that
nobody can notice; which of them, a person has to say.
"""

import argparse
import ast
import json
import os
import random
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from coverage import CoverageData

ROOT = Path(__file__).resolve().parent.parent
LIMIT_S = 600
"""A fault that makes the tests compute for longer than this, or one of them wait, would be noticed.
By the clock alone any test takes long on a busy machine."""

COMPARISONS = {
    "<": ("<=", ">="), "<=": ("<", ">"), ">": (">=", "<="), ">=": (">", "<"), "==": ("!=",),
    "!=": ("==",), "is": ("is not",), "is not": ("is",), "in": ("not in",), "not in": ("in",),
}  # fmt: skip
ARITHMETIC = {"+": "-", "-": "+", "*": "/", "/": "*", "//": "*", "%": "//"}
SQL = (
    (r"\bAND\b", "OR"), (r"\bOR\b", "AND"), (r" >= ", " > "), (r" > ", " >= "), (r" <= ", " < "),
    (r" < ", " <= "), (r" = ", " != "), (r" != ", " = "), (r"\bmax\(", "min("),
    (r"\bmin\(", "max("), (r"\bIS NULL\b", "IS NOT NULL"), (r"(?<!IS) NOT NULL\b", " IS NULL"),
    (r"\bDESC\b", "ASC"), (r"\bNOT EXISTS\b", "EXISTS"), (r"\bNOT IN\b", "IN"),
    (r"\bUNION ALL\b", "EXCEPT"), (r"\bcount\(DISTINCT ", "count("), (r"\b\d{2,}\b", "7"),
)  # fmt: skip
IS_SQL = re.compile(r"\b(SELECT|UPDATE|DELETE FROM|WHERE|INSERT INTO)\b|\b(AND|OR) |COALESCE")


@dataclass(frozen=True)
class Mutant:
    """One fault: bytes of a file that become others."""

    path: str
    line: int
    statement: int
    """The line that its statement begins with; 0: it is done when the file is read in."""
    start: int
    end: int
    old: str
    new: str

    @property
    def shown(self) -> str:
        old, new = (" ".join(text.split())[:60] for text in (self.old, self.new))
        return f"{self.path}:{self.line}  {old or '(nothing)'} -> {new or '(nothing)'}"


class Finder(ast.NodeVisitor):
    """Every fault that one file can have."""

    def __init__(self, path: Path) -> None:
        self.path = path.relative_to(ROOT).as_posix()
        self.text = path.read_bytes()
        self.starts = [0]
        for line in self.text.splitlines(keepends=True):
            self.starts.append(self.starts[-1] + len(line))
        self.found: dict[tuple[int, int, str], Mutant] = {}
        self.statement, self.within = 0, False
        self.visit(ast.parse(self.text))

    def visit(self, node: ast.AST) -> None:
        if self.within and isinstance(node, ast.stmt):
            self.statement = node.lineno
        super().visit(node)

    def at(self, line: int, column: int) -> int:
        return self.starts[line - 1] + column

    def span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        start = self.at(node.lineno, node.col_offset)
        return start, self.at(node.end_lineno or 0, node.end_col_offset or 0)

    def add(self, start: int, end: int, new: str) -> None:
        line = self.text.count(b"\n", 0, start) + 1
        old = self.text[start:end].decode()
        self.found[start, end, new] = Mutant(self.path, line, self.statement, start, end, old, new)

    def between(self, left: ast.expr, right: ast.expr, words: dict[str, tuple[str, ...]]) -> None:
        start, end = self.span(left)[1], self.span(right)[0]
        for word in sorted(words, key=len, reverse=True):
            pattern = rf"(?<![\w<>=!]){re.escape(word)}(?![\w<>=])"
            if match := re.search(pattern, self.text[start:end].decode()):
                for new in words[word]:
                    self.add(start + match.start(), start + match.end(), new)
                return

    def visit_Compare(self, node: ast.Compare) -> None:
        for left, right in zip([node.left, *node.comparators], node.comparators, strict=False):
            self.between(left, right, COMPARISONS)
        self.generic_visit(node)

    def visit_BoolOp(self, node: ast.BoolOp) -> None:
        for left, right in zip(node.values, node.values[1:], strict=False):
            self.between(left, right, {"and": ("or",), "or": ("and",)})
        self.generic_visit(node)

    def visit_BinOp(self, node: ast.BinOp) -> None:
        if not isinstance(node.op, ast.Pow):
            self.between(node.left, node.right, {old: (new,) for old, new in ARITHMETIC.items()})
        self.generic_visit(node)

    def visit_UnaryOp(self, node: ast.UnaryOp) -> None:
        if isinstance(node.op, ast.Not):
            start, _ = self.span(node)
            self.add(start, start + len("not"), "")
        self.generic_visit(node)

    def visit_If(self, node: ast.If | ast.While | ast.IfExp) -> None:
        if ast.unparse(node.test) == "TYPE_CHECKING":
            return
        start, end = self.span(node.test)
        self.add(start, end, f"not ({self.text[start:end].decode()})")
        self.generic_visit(node)

    visit_While = visit_IfExp = visit_If

    def visit_Constant(self, node: ast.Constant) -> None:
        start, end = self.span(node)
        match node.value:
            case bool():
                self.add(start, end, str(not node.value))
            case int():
                self.add(start, end, str(node.value + 1))
            case float():
                self.add(start, end, repr(node.value * 1.1 + 0.1 * (node.value == 0)))
            case str():
                self.sql(start, end)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self.sql(*self.span(node))
        if sys.version_info >= (3, 12):  # earlier ones don't tell where in it something stands
            for value in node.values:
                if isinstance(value, ast.FormattedValue):
                    self.visit(value.value)

    def sql(self, start: int, end: int) -> None:
        text = self.text[start:end].decode()
        if not IS_SQL.search(text) or "CREATE TABLE" in text:
            return
        for pattern, new in SQL:
            for match in re.finditer(pattern, text):
                before, through = (
                    start + len(text[:place].encode()) for place in (match.start(), match.end())
                )
                self.add(before, through, new)

    def visit_Expr(self, node: ast.Expr) -> None:
        if isinstance(node.value, ast.Call):
            if not ast.unparse(node.value).startswith(("log.", "print(")):
                self.add(*self.span(node), "pass")
            self.generic_visit(node)
        elif not isinstance(node.value, ast.Constant):  # a docstring decides nothing
            self.generic_visit(node)

    def visit_AugAssign(self, node: ast.AugAssign) -> None:
        self.add(*self.span(node), "pass")
        self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        self.add(*self.span(node), "pass")  # what it says is read, not decided

    def visit_Return(self, node: ast.Return) -> None:
        if node.value is not None and ast.unparse(node.value) != "None":
            self.add(*self.span(node), "return None")
        self.generic_visit(node)

    def visit_Break(self, node: ast.Break) -> None:
        self.add(*self.span(node), "continue")

    def visit_Continue(self, node: ast.Continue) -> None:
        self.add(*self.span(node), "break")

    def visit_AnnAssign(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.visit(node.value)

    def visit_arguments(self, node: ast.arguments) -> None:
        for default in (*node.defaults, *node.kw_defaults):
            if default is not None:
                self.visit(default)

    def visit_FunctionDef(self, node: ast.FunctionDef) -> None:
        self.visit(node.args)
        outside = self.statement, self.within
        self.within = True
        for statement in node.body:
            self.visit(statement)
        self.statement, self.within = outside


def mutants(paths: list[str]) -> Iterator[Mutant]:
    """Every fault that these files, the files of these folders, or these lines, can have."""
    for name in paths:
        name, _, line = name.partition(":")
        path = (ROOT / name).resolve()
        for file in sorted(path.rglob("*.py")) if path.is_dir() else [path]:
            for mutant in Finder(file).found.values():
                if not line or mutant.line == int(line):
                    yield mutant


def room_of(path: str) -> list[str]:
    """The tests of the room that a file is in, those of its own first."""
    file = Path(path)
    room = Path("tests") / file.parent.name
    where = room if (ROOT / room).is_dir() else Path("tests")
    own = where / f"test_{file.stem}.py"
    return [one.as_posix() for one in (own, where) if (ROOT / one).exists()]


class Covered:
    """Which tests come by which line."""

    def __init__(self, kept: Path) -> None:
        self.data = CoverageData(str(kept))
        self.data.read()

    def tests(self, mutant: Mutant) -> list[str]:
        """Those that come by a fault; where none does, as in a child process, all of the room's.
        Where it is done when its file is read in, all of the room's, too, those that come by the
        rest of the file first."""
        file = next((f for f in self.data.measured_files() if f.endswith(f"/{mutant.path}")), "")
        by_line = self.data.contexts_by_lineno(file)
        lines = range(mutant.statement, mutant.line + 1) if mutant.statement else by_line.keys()
        marks = {mark for line in lines for mark in by_line.get(line, ()) if mark}
        found = {mark.partition("|")[0] for mark in marks}
        room = room_of(mutant.path)
        listed = sorted(found, key=lambda test: (room[0] not in test, test))
        return listed if listed and mutant.statement else [*listed, *room]


def limited(limit_s: int) -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s))


class Copy:
    """The checkout as it is, in a folder of its own, in which a fault does no harm."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        listed = subprocess.run(
            ["git", "ls-files", "-coz", "--exclude-standard"],
            cwd=ROOT, capture_output=True, check=True,
        )  # fmt: skip
        for name in filter(None, listed.stdout.decode().split("\0")):
            if (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(ROOT / name, folder / name)

    def run(self, *command: str, limit_s: int = LIMIT_S) -> tuple[bool, str]:
        """Whether a Python module ends well there, and what it prints; too long is not well."""
        environment = os.environ | {
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": str(self.folder),
            "HYPOTHESIS_STORAGE_DIRECTORY": str(self.folder / ".hypothesis"),
        }
        try:
            done = subprocess.run(
                ["nice", "-n", "19", sys.executable, "-m", *command], cwd=self.folder,
                env=environment, check=False, text=True, preexec_fn=partial(limited, limit_s),
                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=20 * limit_s,
            )  # fmt: skip
        except subprocess.TimeoutExpired:  # it waits, and uses no processor
            return False, "too long"
        return done.returncode == 0, done.stdout

    def tested(self, tests: list[str]) -> tuple[bool, str]:
        alone = ("-p", "no:cacheprovider", "--reruns", "0", "--timeout", str(LIMIT_S))
        (self.folder / "asked.txt").write_text("\n".join(tests))  # too many for a command line
        return self.run("pytest", "-qx", "@asked.txt", *alone)

    def covered(self, drawn: Sequence[Mutant], kept: Path) -> str:
        """Write down which tests come by which line of the drawn files, whatever time that takes;
        what failed, where a test did."""
        files = sorted({mutant.path for mutant in drawn})
        modules = [path.removesuffix(".py").replace("/", ".") for path in files]
        measured = [*(f"--cov={module}" for module in modules), "--cov-context=test"]
        at_leisure = ("-o", "addopts=--import-mode=importlib", "-p", "no:timeout", "-W", "ignore")
        rooms = sorted({room_of(path)[-1] for path in files})
        command = ("-qx", *rooms, *measured, "--cov-report=", "--reruns", "0", *at_leisure)
        well, told = self.run("pytest", *command, limit_s=6 * LIMIT_S)
        if well:
            shutil.copy2(self.folder / ".coverage", kept)
        return "" if well else told

    @contextmanager
    def changed(self, path: str, new: bytes) -> Iterator[None]:
        """A file of it holds something else meanwhile."""
        file = self.folder / path
        whole = file.read_bytes()
        file.write_bytes(new)
        try:
            yield
        finally:
            file.write_bytes(whole)

    def survives(self, mutant: Mutant, tests: list[str]) -> bool:
        whole = (self.folder / mutant.path).read_bytes()
        with self.changed(
            mutant.path, whole[: mutant.start] + mutant.new.encode() + whole[mutant.end :]
        ):
            return self.tested(tests)[0]


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("paths", nargs="*", default=["assistant/journal", "assistant/coach"])
    parser.add_argument("--sample", type=int, default=40, metavar="N", help="how many (40)")
    parser.add_argument("--seed", type=int, help="which ones; not said: new ones")
    parser.add_argument("--to", type=Path, help="where what is done is kept")
    asked = parser.parse_args()
    seed = asked.seed if asked.seed is not None else random.SystemRandom().randrange(10**6)
    kept = asked.to or Path(tempfile.gettempdir()) / f"mutants-{seed}.jsonl"
    all_of_them = list(mutants(asked.paths))
    drawn = random.Random(seed).sample(all_of_them, min(asked.sample, len(all_of_them)))
    print(f"{len(drawn)} of {len(all_of_them)} faults; --seed {seed} --to {kept}", flush=True)
    lines = kept.read_text().splitlines() if kept.exists() else []
    known: dict[str, bool] = dict(json.loads(line) for line in lines)
    with tempfile.TemporaryDirectory() as folder:
        copy = Copy(Path(folder))
        seen = kept.with_suffix(".coverage")
        if not seen.exists() and (failed := copy.covered(drawn, seen)):
            print("a test fails without any fault, mend it first:", failed, sep="\n")
            return 1
        covered = Covered(seen)
        survived = 0
        for mutant in drawn:
            mark = f"{mutant.shown} @{mutant.start}"
            if mark not in known:
                known[mark] = copy.survives(mutant, covered.tests(mutant))
                with kept.open("a") as file:
                    file.write(json.dumps([mark, known[mark]]) + "\n")
            survived += known[mark]
            print(f"{'SURVIVED' if known[mark] else 'killed'}  {mutant.shown}", flush=True)
    killed = len(drawn) - survived
    print(f"{killed} of {len(drawn)} killed ({killed / max(1, len(drawn)):.0%})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
