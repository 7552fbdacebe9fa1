"""What board this is: whether there can be a button and a lamp on its pins at all.

Decides it from what the firmware tells the kernel. A PC has a /dev/gpiochip0 too, for the power
button and the lid, so that such a device is there says nothing.
"""

import re
from pathlib import Path


def raspberry_pi(root: Path = Path("/")) -> str:
    """The model, such as "Raspberry Pi 4 Model B Rev 1.4"; empty on any other machine.

    The device tree tells it; in a container, which hides that, /proc/cpuinfo does.
    """
    told = _text(root / "proc" / "device-tree" / "model").strip("\0 \n")
    if not told:
        line = re.search(r"^Model\s*: (.*)$", _text(root / "proc" / "cpuinfo"), re.MULTILINE)
        told = line[1].strip() if line else ""
    return told if "Raspberry Pi" in told else ""


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
