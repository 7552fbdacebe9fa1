"""Which sound device is meant by a name.

Decides by the whole name, then by a part of it; and since the number of a card changes when it is
plugged in again ("USB Audio (hw:1,0)", then "(hw:2,0)"), then by the name without the number.
"""

import re
from collections.abc import Sequence

_NUMBER = re.compile(r" \(hw:\d+,\d+\)$")


def pick(name: str, devices: Sequence[str]) -> int | None:
    """The place of the first device that is meant, None for none. Upper and lower case are one."""
    whole = [device.lower() for device in devices]
    asked, bare = name.lower(), _NUMBER.sub("", name.lower())
    for place, device in enumerate(whole):
        if device == asked:
            return place
    for part in (asked, bare):
        for place, device in enumerate(whole):
            if part in device:
                return place
    return None
