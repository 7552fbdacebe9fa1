"""Hearing: words that were said come out as events. The door is `Hearing`.

It is loaded when it is first asked for, since the child process and the list of models live in
this package too and do without the sentence library that it needs.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from assistant.hearing.door import Hearing

__all__ = ["Hearing"]


def __getattr__(name: str) -> Any:
    if name == "Hearing":
        from assistant.hearing.door import Hearing

        return Hearing
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
