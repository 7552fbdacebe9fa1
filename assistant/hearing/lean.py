"""vosk without the libraries that it needs only to fetch models from the internet.

Decides which of its imports are left out. They would take more time and memory than vosk's own
code, and one of them opens an internet socket as soon as it is loaded, to see whether it could.
Fetching a model is `models`' business.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType

LEFT_OUT = {"requests": (), "srt": (), "tqdm": ("tqdm",), "urllib.request": ("urlretrieve",)}
"""Modules, and the names that vosk takes out of them when it is loaded."""


@contextmanager
def left_out() -> Iterator[None]:
    """What is imported meanwhile finds empty modules in their place; nobody does afterwards."""
    absent = [name for name in LEFT_OUT if name not in sys.modules]
    for name in absent:
        sys.modules[name] = ModuleType(name)
        vars(sys.modules[name]).update(dict.fromkeys(LEFT_OUT[name]))
    try:
        yield
    finally:
        for name in absent:
            del sys.modules[name]
