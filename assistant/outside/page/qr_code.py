"""A text as a picture that a phone's camera reads (ISO/IEC 18004).

Decides its colours: dark on light, on any page. The only file of the page that knows segno.
"""

from io import BytesIO

import segno

DARK, LIGHT = "#000", "#fff"


def svg(text: str) -> bytes:
    picture = BytesIO()
    made = segno.make(text, micro=False)
    made.save(picture, kind="svg", xmldecl=False, border=4, dark=DARK, light=LIGHT, omitsize=True)
    return picture.getvalue()
