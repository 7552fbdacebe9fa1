"""The plans of all routines, by the routine's id.

Decides only when one is laid out: when it is first asked for, since of all that can be led few are
led. How, is `plan`'s.
"""

from collections.abc import Iterator, Mapping

from assistant.content.plan import compile_plan
from assistant.content.types import Plan, Routine


class Plans(Mapping[str, Plan]):
    """Of these routines; each is kept once it is laid out."""

    def __init__(self, routines: Mapping[str, Routine]) -> None:
        self._routines = routines
        self._made: dict[str, Plan] = {}

    def __getitem__(self, name: str) -> Plan:
        if name not in self._made:
            self._made[name] = compile_plan(self._routines[name])
        return self._made[name]

    def __contains__(self, name: object) -> bool:
        return name in self._routines

    def __iter__(self) -> Iterator[str]:
        return iter(self._routines)

    def __len__(self) -> int:
        return len(self._routines)
