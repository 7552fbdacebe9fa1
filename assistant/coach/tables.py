"""The five machines together, and their tables as a picture.

Read `lead`, `desk`, `agenda`, `ice_and_heat` and `attention` to know what the coach does: each has
one table, and nothing else says what follows what. Decides only in which order they are asked.
"""

from typing import Any

from assistant.coach.agenda import AGENDA
from assistant.coach.attention import EAR
from assistant.coach.desk import DESK
from assistant.coach.ice_and_heat import PACK
from assistant.coach.interpreter import Machine, Row, Trigger
from assistant.coach.lead import LEAD
from assistant.coach.triggers import Signal

MACHINES: tuple[Machine[Any], ...] = (PACK, LEAD, DESK, AGENDA, EAR)
"""A command is for the first of them that has a row for it; what falls due at the same time is done
in this order; and every signal is told to all of them in it."""
TOLD = {
    signal: tuple(one for one in MACHINES if any(trigger is signal for _, trigger in one.table))
    for signal in Signal
}
"""Which of them have a row for a signal."""


def name_of(row: Row[Any], trigger: Trigger) -> str:
    """A trigger as the diagram calls it, with the guard in square brackets."""
    name = trigger.value.replace("_", " ")
    return name if row.when is None else f"{name} [{(row.when.__doc__ or '').strip()}]"


def diagram(machine: Machine[Any]) -> str:
    """A machine's table as a Mermaid state diagram, of the rows that the interpreter uses."""
    edges: dict[tuple[str, str], list[str]] = {}
    for (state, trigger), rows in machine.table.items():
        for row in rows:
            for to in row.leads_to(state):
                if to is not state:
                    edge = edges.setdefault((state.__name__, to.__name__), [])
                    edge.append(name_of(row, trigger))
    first = next(iter(machine.table))[0].__name__
    lines = ["stateDiagram-v2", f"    [*] --> {first}"]
    lines += [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in edges.items()]
    return "\n".join(lines)


def diagrams() -> str:
    """All of them, as they stand in the README beside this file."""
    return "\n".join(
        f"\n## {machine.name}\n\n```mermaid\n{diagram(machine)}\n```" for machine in MACHINES
    )


if __name__ == "__main__":
    print(diagrams())
