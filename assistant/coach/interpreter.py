"""The interpreter: the only code that changes a machine's state.

A machine has one table of rows: in these states, on this trigger (a command, a time, a signal), if
every guard holds, do this and go there. The first row that fits is taken. What is done returns the
next state; that it is one of the row's `to` is checked here, and here alone it is put in. Decides
nothing: to add a rule, add a row to a table.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from assistant.coach.events import Command
from assistant.coach.state import Agenda, Desk, Ear, Lead, Pack
from assistant.coach.triggers import Signal, Time
from assistant.coach.turn import Turn

M = TypeVar("M")
Trigger = Command | Time | Signal
Guard = Callable[[Turn, Any], bool]
"""Of the turn and what came with the trigger: the `Asked` of a command, the time at which a time
fell due, a signal's value. Its first line of documentation is its name in the diagram."""


class Same:
    """For `to`: the kind of state that it was."""


@dataclass(frozen=True, slots=True)
class Row(Generic[M]):
    """One rule of a machine."""

    of: type[M] | tuple[type[M], ...]
    on: Trigger | tuple[Trigger, ...]
    do: Callable[[Turn, Any, Any], M]
    """Of the turn, the state and what came with the trigger: the next state."""
    to: type[M | Same] | tuple[type[M | Same], ...] = Same
    """What the next state may be."""
    when: Guard | None = None

    @property
    def states(self) -> tuple[type[M], ...]:
        return self.of if isinstance(self.of, tuple) else (self.of,)

    @property
    def triggers(self) -> tuple[Trigger, ...]:
        return self.on if isinstance(self.on, tuple) else (self.on,)

    def leads_to(self, state: type[M]) -> tuple[type, ...]:
        to = self.to if isinstance(self.to, tuple) else (self.to,)
        return tuple(state if kind is Same else kind for kind in to)


class Machine(Generic[M]):
    """A table, and where in the turn its state stands."""

    def __init__(
        self,
        name: str,
        rows: Sequence[Row[M]],
        *,
        read: Callable[[Turn], M],
        put: Callable[[Turn, M], None],
        next_time: Callable[[Turn], tuple[float, Time] | None],
    ) -> None:
        """`next_time`: when the machine does something by time alone, and what."""
        self.name, self.rows, self.next_time = name, tuple(rows), next_time
        self._read, self._put = read, put
        self.table: dict[tuple[type[M], Trigger], list[Row[M]]] = {}
        for row in rows:
            for state in row.states:
                for trigger in row.triggers:
                    self.table.setdefault((state, trigger), []).append(row)

    def row(self, turn: Turn, trigger: Trigger, value: object) -> Row[M] | None:
        """The row that is taken, if there is one."""
        for row in self.table.get((type(self._read(turn)), trigger), ()):
            if row.when is None or row.when(turn, value):
                return row
        return None

    def run(self, turn: Turn, trigger: Trigger, value: object = None) -> bool:
        """Do what the table says; whether it says anything. A machine that is just doing something
        returns its next state itself, and isn't told again meanwhile."""
        if self.name in turn.running or (row := self.row(turn, trigger, value)) is None:
            return False
        before = self._read(turn)
        turn.running.append(self.name)
        after = row.do(turn, before, value)
        turn.running.pop()
        assert type(after) in row.leads_to(type(before)), (self.name, before, trigger, after)
        self._put(turn, after)
        return True


def put_lead(turn: Turn, state: Lead) -> None:
    turn.lead = state


def put_desk(turn: Turn, state: Desk) -> None:
    turn.desk = state


def put_pack(turn: Turn, state: Pack) -> None:
    turn.pack = state


def put_ear(turn: Turn, state: Ear) -> None:
    turn.ear = state


def put_agenda(turn: Turn, state: Agenda) -> None:
    turn.agenda = state
