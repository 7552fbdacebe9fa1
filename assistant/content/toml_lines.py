"""On which line of a TOML text a key stands, since tomllib doesn't say.

One pass over a text that tomllib has accepted; it knows tables, arrays of tables, dotted and
quoted keys, texts over several lines, comments, and the items of a list. It judges nothing.
"""

import re
import tomllib

Key = tuple[str | int, ...]
"""A place in a TOML document: ("exercise", 0, "hold_s") is hold_s of the first [[exercise]]."""

_PART = r"""(?:"(?:[^"\\\n]|\\.)*"|'[^'\n]*'|[A-Za-z0-9_-]+)"""
_NAME = re.compile(rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*")
_PARTS = re.compile(_PART)
_TOKEN = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}|' + r"'''.*?'{3,5}|" + r'"(?:[^"\\\n]|\\.)*"|'
    r"'[^'\n]*'|#[^\n]*|[\[\]{},\n]|[^\[\]{},\n\"'#]+|.",
    re.DOTALL,
)


class Lines:
    """The line of every key of a valid TOML text, and of the items of its lists."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._line = 1
        self._known: dict[Key, int] = {}
        self._last: dict[Key, int] = {}
        self._table: Key = ()

    def of(self, key: Key) -> int:
        """The line of a key, or of the nearest thing around it; 1 when nothing is known."""
        while self._at < len(self._text):  # scanned when first asked: most files hold no problem
            self._statement()
        for end in range(len(key), 0, -1):
            if key[:end] in self._known:
                return self._known[key[:end]]
        return 1

    def _take(self) -> str:
        match = _TOKEN.match(self._text, self._at)
        piece = match.group() if match else self._text[self._at]
        self._at += len(piece)
        self._line += piece.count("\n")
        return piece

    def _statement(self) -> None:
        char = self._text[self._at]
        if char == "[":
            self._header()
        elif (name := _NAME.match(self._text, self._at)) is not None:
            self._at = name.end()
            key = self._key(self._table, _names(name.group()), self._line)
            self._known.setdefault(key, self._line)
            self._value(key)
        else:
            self._take_space()

    def _take_space(self) -> None:
        if self._text[self._at] in " \t":
            self._at += 1
        else:
            self._take()

    def _header(self) -> None:
        many = self._text.startswith("[[", self._at)
        line = self._line
        start = re.compile(r"\[\[?[ \t]*").match(self._text, self._at)
        name = _NAME.match(self._text, start.end()) if start else None
        names = _names(name.group()) if name else []
        while self._at < len(self._text) and self._take() != "\n":
            pass
        key = self._key((), names, line, last_too=not many)
        if many:
            self._known.setdefault(key, line)
            self._last[key] = self._last.get(key, -1) + 1
            key = (*key, self._last[key])
        self._known.setdefault(key, line)
        self._table = key

    def _key(self, table: Key, names: list[str], line: int, *, last_too: bool = False) -> Key:
        """`a.b` within a table; where `a` is an array of tables, its latest one is meant."""
        key = table
        for place, name in enumerate(names):
            key = (*key, name)
            if key in self._last and (last_too or place < len(names) - 1):
                key = (*key, self._last[key])
        for end in range(len(table) + 1, len(key)):
            self._known.setdefault(key[:end], line)
        return key

    def _value(self, key: Key) -> None:
        """Skip a value, noting where the items of a list begin."""
        depth, item, waiting, is_list = 0, 0, True, False
        while self._at < len(self._text):
            line = self._line
            piece = self._take()
            if piece == "\n" and depth == 0:
                return
            if depth == 0 and piece == "[":
                is_list = True
            elif depth == 1 and is_list and piece == ",":
                item, waiting = item + 1, True
            elif depth == 1 and is_list and waiting and piece.strip(" \t\n]")[:1] not in ("", "#"):
                self._known.setdefault((*key, item), line)
                waiting = False
            depth += (piece in "[{") - (piece in "]}")


def _names(dotted_name: str) -> list[str]:
    names = []
    for part in _PARTS.findall(dotted_name):
        if part[0] == '"':
            try:
                part = tomllib.loads(f"k = {part}")["k"]
            except ValueError:
                part = part[1:-1]
        elif part[0] == "'":
            part = part[1:-1]
        names.append(part)
    return names
