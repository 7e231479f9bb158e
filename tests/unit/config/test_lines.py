"""The line index: every header and key is found on the line on which it stands."""

from __future__ import annotations

import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notify.config.lines import Place, line_index
from notify.config.sample import sample

TEXT = '''\
# [no] = header
top = 1

[campaign] # a note
id = "x" # id = 5
"quoted key" = 'a # b'
a.b . "c.d" = 1
[contacts]
files = [ # one per line
  "a.csv", # ] not the end
  'b"].csv',
  ["nested", { key = "]" }],
]
key = """
[fake]
fake = 1 \\""" still inside"""""
columns = { last_name = "Name 1", first_name = '}' }

[[relay]]
host = \'\'\'
[[relay]]
\'\'\'\'\'
[relay.sub]
x = 1
  [[ relay ]]
	host = 2026-12-01 07:00:00
[change . old]
phone = "1"
["send"]
batch=5'''


@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_line_index(ends: str) -> None:
    """Notes, quotes, brackets and values over several lines do not lead it astray."""
    tomllib.loads(TEXT)
    index = line_index(TEXT.replace("\n", ends))
    expected: dict[Place, int] = {
        ("top",): 2,
        ("campaign",): 4,
        ("campaign", "id"): 5,
        ("campaign", "quoted key"): 6,
        ("campaign", "a"): 7,
        ("campaign", "a", "b"): 7,
        ("campaign", "a", "b", "c.d"): 7,
        ("contacts",): 8,
        ("contacts", "files"): 9,
        ("contacts", "key"): 14,
        ("contacts", "columns"): 17,
        ("relay",): 19,
        ("relay", 0): 19,
        ("relay", 0, "host"): 20,
        ("relay", 0, "sub"): 23,
        ("relay", 0, "sub", "x"): 24,
        ("relay", 1): 25,
        ("relay", 1, "host"): 26,
        ("change",): 27,
        ("change", "old"): 27,
        ("change", "old", "phone"): 28,
        ("send",): 29,
        ("send", "batch"): 30,
    }
    assert index == expected


def test_nothing() -> None:
    """An empty file has no lines to speak of."""
    assert line_index("") == line_index("\n\n# only a note") == {}


def _places(value: object, place: Place = ()) -> set[Place]:
    """Return the places of a parsed file, but for what stands in inline tables and arrays of values."""
    if isinstance(value, dict):
        return {place}.union(*(_places(inner, (*place, name)) for name, inner in value.items()))
    if isinstance(value, list) and value and all(isinstance(item, dict) for item in value):
        return {place}.union(*(_places(inner, (*place, number)) for number, inner in enumerate(value)))
    return {place}


NAMES = st.text("ab.\"' #[]=é", min_size=1, max_size=4).map(lambda name: '"' + name.replace('"', '\\"') + '"')
LINES = st.one_of(
    st.tuples(
        NAMES | st.sampled_from("abc"), st.sampled_from(["1", '"]"', "[1,\n'[',#]\n]", '"""\n[a]\n"""', "{x='}'}"])
    ).map(" = ".join),
    NAMES.map("[{}]".format),
    NAMES.map("[[{}]]".format),
    st.sampled_from(["", "# [a]", "[a.b]", "[[a.c]]", "[[r]]", "[r.s]", "[[r.t]]"]),
)


@given(st.lists(LINES, max_size=12))
def test_finds_what_tomllib_finds(lines: list[str]) -> None:
    """Of every valid file it knows the same places as tomllib, each on a line that holds its name."""
    text = "\n".join(lines)
    try:
        parsed = tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return
    index = line_index(text)
    inline = {place for place in _places(parsed) if place and place[-1] == "x"}
    assert set(index) == _places(parsed) - {()} - inline
    for place, number in index.items():
        name = str(place[-1] if isinstance(place[-1], str) else place[-2])
        assert name in text.split("\n")[number - 1].replace('\\"', '"')


def test_sample() -> None:
    """The file that everybody starts from."""
    text = sample("de")
    lines = text.splitlines()
    for place, number in line_index(text).items():
        assert str(place[-1]) in lines[number - 1]
