"""On which line a key stands."""

import tomllib
from collections.abc import Iterator
from typing import Any

from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.content.toml_lines import Key, Lines

# Every number written below is the line it stands on.
DOCUMENT = '''one = 1 # [not.a.table]
"quoted.key" = 2
deep.er = 3
words = """
= 4
[no]
"""
list = [ 8,
  9, # a, comment, with [ commas ]
  10, 'x # = y', "]", 10]
[table]
key = 12
  [ table . "in ner" ]
  key = 14
[[many]]
key = 16
[[many]]
key = 18
[many.inside]
key = 20
[[many.more]]
key = 22
[[many.more]]
inline = {a = 24, b = [24, 24]}
'''


def numbers(data: Any, key: Key = ()) -> Iterator[tuple[Key, int]]:
    if isinstance(data, dict):
        for name, value in data.items():
            yield from numbers(value, (*key, name))
    elif isinstance(data, list):
        for place, value in enumerate(data):
            yield from numbers(value, (*key, place))
    elif isinstance(data, int):
        yield key, data


def test_every_kind_of_key_is_found_on_its_line() -> None:
    """Tables, arrays of tables, dotted and quoted keys and items of lists are on their lines."""
    lines = Lines(DOCUMENT)
    found = {key: lines.of(key) for key, _ in numbers(tomllib.loads(DOCUMENT))}
    assert found == dict(numbers(tomllib.loads(DOCUMENT)))
    assert len(found) > 15


def test_a_missing_key_is_at_what_surrounds_it() -> None:
    """A key that isn't there is reported where its table begins, or at the first line."""
    lines = Lines(DOCUMENT)
    assert lines.of(("many", 1, "missing")) == 17
    assert lines.of(("missing",)) == 1


NAMES = st.sampled_from(["a", "b", "c", '"d.d"', "'e'", "f.g"])
STATEMENTS = st.one_of(
    st.builds("{} = N".format, NAMES),
    st.builds("  {}.{}=N # = 7".format, NAMES, NAMES),
    st.builds("[{}]".format, NAMES),
    st.builds("[[{}]] # [x]".format, NAMES),
    st.builds("[{}.{}]".format, NAMES, NAMES),
    st.builds("{} = [\nN, # ,\n[N, N],\n'[',\nN\n]".format, NAMES),
    st.builds("{} = {{x = N, y = ['#', N]}}".format, NAMES),
    st.builds("{} = '''\n= 3\n[x]\n'''".format, NAMES),
    st.just("# a = 1"),
    st.just(""),
)


@given(st.lists(STATEMENTS, max_size=12))
def test_a_number_that_is_its_own_line_is_found_there(statements: list[str]) -> None:
    """Whatever valid TOML is written, each number stands where it says."""
    written = "\n".join(statements).split("\n")
    text = "\n".join(line.replace("N", str(at)) for at, line in enumerate(written, 1))
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        assume(False)
    lines = Lines(text)
    for key, line in numbers(data):
        assert lines.of(key) == line, key


@given(st.text(alphabet="a=[]{}\"'#\\,.\n -", max_size=60))
def test_no_text_keeps_it_busy_for_ever(text: str) -> None:
    """Even for what is no TOML an answer comes, inside the text."""
    assert 1 <= Lines(text).of(("a", 0, "b")) <= text.count("\n") + 1
