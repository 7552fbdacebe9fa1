"""Fixtures that every room's tests may use."""

from tests.room import room as room
from tests.synthetic import speaker as speaker
