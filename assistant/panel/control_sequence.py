"""What a terminal sends after an Esc: where such a sequence ends, and whether it is an arrow.

Decides only how far it reaches (ECMA-48, with what consoles and emulators add to it), so that no
letter of one is taken for a key of its own. What an arrow does is decided in `keyboard`.
"""

STRINGS = "]P_^X"
"""Begin a text of any length, such as an answer about colours, up to BEL or Esc and a backslash."""
MOUSE = 3
"""So many characters follow ESC [ M, whatever they are."""


class ControlSequence:
    """The characters after one Esc, one by one."""

    def __init__(self) -> None:
        self.text = ""

    @property
    def empty(self) -> bool:
        """Whether nothing has come yet: it may be the Esc key."""
        return not self.text

    @property
    def arrow(self) -> str:
        """The last letter of what an arrow key sends ("A" to "D"), with shift or without."""
        if self.text[:1] not in ("[", "O") or self.text[:2] == "[[":
            return ""
        return self.text[-1] if self.text[-1] in "ABCD" else ""

    def may_begin_with(self, char: str) -> bool:
        """Whether more than one character can follow, in pieces that come one after the other."""
        return char in "[O" + STRINGS

    def breaks_off(self, char: str) -> bool:
        """Whether this can't belong to it: Ctrl-C, Ctrl-D, or what begins another one."""
        if char in "\x03\x04":
            return True
        if self.empty:
            return char == "\x1b"
        return char < " " and self.text[0] not in STRINGS

    def add(self, char: str) -> bool:
        """Take one more; whether it is complete with that."""
        self.text += char
        kind = self.text[0]
        if kind in STRINGS:
            return char == "\a" or self.text.endswith("\x1b\\")
        if kind == "O":
            return len(self.text) > 1 and not char.isdigit()
        if kind != "[":
            return True  # Alt with a key
        if self.text[:2] == "[[":  # a function key of the Linux console
            return len(self.text) == 3
        if self.text[:2] == "[M":
            return len(self.text) == 2 + MOUSE
        return len(self.text) > 1 and "@" <= char <= "~"
