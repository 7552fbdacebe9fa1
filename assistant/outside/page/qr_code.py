"""A text as a picture that a phone's camera reads (ISO/IEC 18004).

Decides its colours: dark on light, everywhere. The only file behind the door that knows
segno.
"""

from io import BytesIO

import segno

DARK, LIGHT = "#000", "#fff"


def svg(text: str) -> bytes:
    picture = BytesIO()
    made = segno.make(text, micro=False)
    made.save(picture, kind="svg", xmldecl=False, border=4, dark=DARK, light=LIGHT, omitsize=True)
    return picture.getvalue()


def lines(text: str) -> tuple[str, ...]:
    """For a terminal: half blocks, two rows in one, to be shown dark on light."""
    rows = [list(row) for row in segno.make(text, micro=False).matrix_iter(border=2)]
    rows += [[0] * len(rows[0])] * (len(rows) % 2)
    return tuple(
        "".join(" ▀▄█"[bool(above) + 2 * bool(below)] for above, below in zip(*pair, strict=True))
        for pair in zip(rows[::2], rows[1::2], strict=True)
    )
