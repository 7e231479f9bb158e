"""What is wrong is told all at once, with its line, in plain words; and never by a crash, whatever stands there."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from notify.config import load, sample
from notify.errors import ConfigError, NotifyError

MINIMAL = '[campaign]\ntemplate = "t"\n[sender]\nemail = "info@alt.example"\n'


def problems_in(folder: Path, text: str, **more: dict[str, str] | dict[str, object]) -> list[str]:
    """Return the problems of a notify.toml, as they are shown."""
    (folder / "notify.toml").write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(folder, options=more.get("options", {}), environment=more.get("environment", {}))  # type: ignore[arg-type]
    assert "notify preview" in caught.value.hint
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        # unknown keys
        ('[sender]\nrelpy_to = "x"', "2: unknown key `relpy_to`: did you mean `reply_to`?"),
        ('[sender]\nReply-To = "x"', "2: unknown key `Reply-To`: did you mean `reply_to`?"),
        ("[campaign]\nbatch = 5", "2: `batch` belongs in [send]"),
        ('[send]\nemail = "x"', "2: `email` belongs in [sender], [change.old] or [change.new]"),
        ('[campaign]\nkind = "letter"', '2: `kind`: "letter" is not "notice" or "newsletter"'),
        (
            '[campaign]\nkind = "newsletter"\n[contacts]\nopted_out = "write"',
            "4: `opted_out`: a newsletter is not sent to those who unsubscribed; leave it out",
        ),
        ('[contacts]\naddress = "both"', '2: `address`: "both" is not "first", "work", "private" or "all"'),
        ('[send]\nhst = "x"', "2: unknown key `hst`: did you mean `host` in [[relay]]?"),
        (
            '[campaign]\nsubject = "x"',
            "2: unknown key `subject`: [campaign] has id, template, kind, language and deadline",
        ),
        (
            '[send]\nhours = "x"',
            "2: unknown key `hours`: [send] has batch, start, window, pause, copy_to, copy_per and approval",
        ),
        ('[send]\nwindow = "x"', '2: `window`: "x" is not days and hours; write them as "Mon-Fri 08:00-18:00"'),
        (
            '[send]\nstart = "1.12.2026 8:00"',
            '2: `start`: "1.12.2026 8:00" is not a moment; write 2026-12-01T08:00',
        ),
        ("[send]\nstart = 01.12.2026 18:30", "2: `start`: 01.12.2026 18:30 is not a moment; write 2026-12-01T18:30"),
        ("[send]\nstart = 1.12.2026", "2: `start`: 1.12.2026 is not a moment; write 2026-12-01"),
        ("[send]\nstart = 5", "2: `start`: 5 is not a moment; write it as 2026-12-01T08:00, or as 2026-12-01"),
        (
            "[campaign]\ndeadline = 2026-12-20\n[send]\nstart = 2026-12-21",
            "4: `start`: it is too late: the `deadline` in [campaign] is 2026-12-20",
        ),
        (
            '[campaign]\ndeadline = 2026-12-20\n[send]\nwindow = "Mon-Fri 8-18"\nstart = 2026-12-18T18:00',
            "5: `start`: with `window` nothing leaves before 2026-12-21: the `deadline` in [campaign] is 2026-12-20",
        ),
        (
            '[[relay]]\nhost = "x"\nramp = "50/day"',
            '3: `ramp`: "50/day" is not a ramp; write the first day, the growth and the most, as "50/day, x1.5, ',
        ),
        ('[[relay]]\nhost = "x"\nramp = "9/day, x1, 99/day"', '3: `ramp`: "9/day, x1, 99/day" would not grow; write'),
        ('[[relay]]\nhost = "x"\nramp = {first = 50}', "3: `ramp`: a section is not a ramp; write"),
        ('[[relay]]\nhost = "x"\nramp = ["50/day", "x2", "99/day"]', "3: `ramp`: a list is not a ramp; write"),
        ('[contacts]\nlast_name = "x"', "2: `last_name` belongs in [contacts.columns]"),
        ('[contacts.columns]\nlastname = "x"', "2: unknown key `lastname`: did you mean `last_name`?"),
        ('[contacts.columns]\nbatch = "x"', "2: `batch` belongs in [send]"),
        ('"a\\u001bb" = 1', "1: unknown key `a\\x1bb` before the first section"),
        ("batch = 1", "1: `batch` belongs in [send]"),
        # unknown sections
        ("\n[senders]", "2: unknown section [senders]: did you mean [sender]?"),
        ("\n[[relays]]", "2: unknown section [relays]: did you mean [[relay]]?"),
        ("\n[columns]", "2: unknown section [columns]: did you mean [contacts.columns]?"),
        ("\n[campaign.sender]", "2: unknown section [campaign.sender]: did you mean [sender]?"),
        ("\n[xyz]", "2: unknown section [xyz]: the sections are [campaign], [sender], [change], [change.old], "),
        # sections that are none
        ("send = 5", "1: [send] is a section: write [send] on a line of its own, and its keys below it"),
        ("[[send]]", "1: write [send], with single brackets"),
        ('[relay]\nhost = "x"', "1: write [[relay]], with two brackets"),
        ("relay = [5]", "1: [[relay]] is a section: write [[relay]] on a line of its own, and"),
        ("[change]\nold = 5", "2: [change.old] is a section: write [change.old] on a line of its own, and"),
        ("[contacts]\ncolumns = 5", "2: [contacts.columns] is a section: write [contacts.columns] on a line"),
        # missing and wrong values
        ('\n[[relay]]\nuser = "x"', '2: [[relay]] needs `host`, such as host = "smtp.neu.example"'),
        ('[sender]\nreply_to = "a@@b"', '2: `reply_to`: "a@@b" is not an address: two @ signs'),
        ('[sender]\nreturn_path = ""', "2: `return_path`: it is empty"),
        ('[campaign]\nlanguage = "it"', '2: `language`: "it" is not "de", "en" or "fr"'),
        ("[change.new]\npostcode = 20095", '2: `postcode`: 20095 is not text: write it in quotes, "20095"'),
        ("[contacts]\nfiles = []", "2: `files`: it is empty; name at least one file"),
        ("[contacts.columns]\nlast_name = 5", "2: `last_name`: 5 is not the header of a column"),
        (
            "[change]\nold_works_until = 2026-11-30\neffective = 2026-12-01",
            "2: `old_works_until`: 2026-11-30 is before 2026-12-01, from when the new details hold",
        ),
    ],
)
def test_problem(tmp_path: Path, text: str, problem: str) -> None:
    """Each in plain words, with the line of its key or of its section."""
    assert any(line.startswith(f"notify.toml:{problem}") for line in problems_in(tmp_path, text))


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ('password = "geheim"', "passwords never stand in this file"),
        ('Passwort = "geheim"', "passwords never stand in this file"),
        ('token = "geheim"', "tokens never stand in this file: name a `token_command`"),
        ('access_token = "geheim"', "tokens never stand in this file"),
        ('tokencommand = "x"', "unknown key `tokencommand`: did you mean `token_command`?"),
        ('password_command = "pass x"', "`password_command`: it needs `user` beside it: whose password"),
        ('token_command = "oauth x"', "`token_command`: it needs `user` beside it: whose token"),
        ('token_command = "oauth \'x"\nuser = "u"', "`token_command`: its quotes do not match"),
        ('tls = "none"', '`tls`: "none" is only for a relay on this machine'),
        ('tls = "ssl"', '`tls`: "ssl" is not "implicit", "starttls" or "none"'),
        ('pipelining = "no"', '`pipelining`: "no" is not true or false'),
        ("port = 0", "`port`: 0 is not a whole number from 1 to 65535"),
        ("connections = 51", "`connections`: 51 is not a whole number from 1 to 50"),
        ('rate = "30/week"', '`rate`: "30/week" is not a rate'),
        ('greeting = "x"', "unknown key `greeting`: [[relay]] has preset, new_account, host,"),
        ('preset = "inonos"', '`preset`: "inonos" is not known; did you mean ionos?'),
        ('per_domain = "10/week"', '`per_domain`: "10/week" is not a rate'),
        ("from = []", "`from`: it is empty; name a domain or an address, such as"),
        ('from = "neu"', '`from`: "neu" is neither a domain nor an address: the domain has no dot'),
        ('from = "a@@b.example"', '`from`: "a@@b.example" is neither a domain nor an address: two @ signs'),
        ('from = "mü*.example"', '`from`: "mü*.example" is neither a domain nor an address'),
        ('from = "[ab]@neu.example"', '`from`: "[ab]@neu.example" is neither a domain nor an address'),
        (
            'from = "Anna <a@neu.example>"',
            '`from`: "Anna <a@neu.example>" is more than an address; write only "a@neu.example"',
        ),
    ],
)
def test_problem_of_a_relay(tmp_path: Path, keys: str, words: str) -> None:
    """A relay is where a mistake costs most."""
    problems = problems_in(tmp_path, f'{MINIMAL}[[relay]]\nhost = "smtp.example.net"\n{keys}')
    assert len(problems) == 1
    assert problems[0].startswith(f"notify.toml:7: {words}")


def test_preset_without_tls(tmp_path: Path) -> None:
    """The server of a preset is no more on this machine than one that is written out."""
    problems = problems_in(tmp_path, f'{MINIMAL}[[relay]]\npreset = "gmail"\ntls = "none"')
    what = '"none" is only for a relay on this machine; nothing would be secret on the way to smtp.gmail.com'
    assert problems == [f"notify.toml:7: `tls`: {what}"]


@pytest.mark.parametrize("order", [("password", "token"), ("token", "password")])
def test_two_commands(tmp_path: Path, order: tuple[str, str]) -> None:
    """A password and a token exclude each other, whichever stands first; the line of token_command is named."""
    commands = "\n".join(f'{what}_command = "x"' for what in order)
    problems = problems_in(tmp_path, f'{MINIMAL}[[relay]]\nhost = "smtp.example.net"\nuser = "u"\n{commands}')
    line = 8 + order.index("token")
    what = "it stands instead of `password_command`, not beside it: leave one of them out"
    assert problems == [f"notify.toml:{line}: `token_command`: {what}"]


def test_one_mistake_is_told_once(tmp_path: Path) -> None:
    """What follows from a value that could not be read is not told as well; nor is the value of an unknown key."""
    relay = '[[relay]]\nhost = "x"\nuser = 5\npassword_command = "pass x"\n'
    assert problems_in(tmp_path, f"{MINIMAL}{relay}[contacts.columns]\nbatch = 5\nlast_name = 5") == [
        'notify.toml:7: `user`: 5 is not text: write it in quotes, "5"',
        "notify.toml:10: `batch` belongs in [send]",
        "notify.toml:11: `last_name`: 5 is not the header of a column",
    ]


def test_password_is_never_repeated(tmp_path: Path) -> None:
    """Not in the message, and not in what would be logged with its causes. All ways to give it are named."""
    (tmp_path / "notify.toml").write_text(f'{MINIMAL}[[relay]]\nhost = "x"\npassword = "geheim"', encoding="utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, options={}, environment={})
    error: BaseException | None = caught.value
    while error is not None:
        assert "geheim" not in f"{error} {error.args}"
        error = error.__cause__ or error.__context__
    for way in ("password_command", "NOTIFY_PASSWORD", "keyring", "ask"):
        assert way in caught.value.message


def test_all_at_once(tmp_path: Path) -> None:
    """Every problem of the file, in its order, with its line."""
    text = """\
[campaign]
id = ""
template = [
  1,
]
[sender]
[[relay]]
host = "smtp.example.net"
rate = \"""
x\"""
[[relay]]
host = "a b"
[send]
batch = 0
pause = "x"
"""
    assert problems_in(tmp_path, text) == [
        "notify.toml:2: `id`: it is empty",
        "notify.toml:3: `template`: a list is not text",
        'notify.toml:6: [sender] needs `email`, such as email = "info@alt.example"',
        'notify.toml:9: `rate`: "x" is not a rate; write it as "30/min", "400/hour" or "2000/day"',
        'notify.toml:12: `host`: "a b" is not the name of a server, such as smtp.example.net',
        "notify.toml:14: `batch`: 0 is not a whole number from 1 to 1000000",
        'notify.toml:15: `pause`: "x" is not a duration; write it as "60s", "2min" or "1h"',
    ]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ('[[relay]]\npreset = "ioons"', '6: `preset`: "ioons" is not known; did you mean ionos?'),
        ("[[relay]]\npreset = 5", '6: `preset`: 5 is not text: write it in quotes, "5"'),
        ('[[relay]]\nprest = "ionos"', "6: unknown key `prest`: did you mean `preset`?"),
        ('[[relay]]\nprovider = "ionos"', "6: unknown key `provider`: did you mean `preset`?"),
        ('[[relay]]\nhots = "smtp.example.net"', "6: unknown key `hots`: did you mean `host`?"),
        ('[[relay]]\nserver = "smtp.example.net"', "6: unknown key `server`: did you mean `host`?"),
    ],
)
def test_a_mistake_has_no_second_problem(tmp_path: Path, text: str, problem: str) -> None:
    """What is missing only because it is mistyped is not told to be missing too."""
    assert problems_in(tmp_path, f"{MINIMAL}{text}\n") == [f"notify.toml:{problem}"]


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("[campaign]", "[campain]", "1: unknown section [campain]: did you mean [campaign]?"),
        ("[sender]", "[Absender]", "3: unknown section [Absender]: did you mean [sender]?"),
        ("email", "emial", "4: unknown key `emial`: did you mean `email`?"),
        ("template", "Template", "2: unknown key `Template`: did you mean `template`?"),
    ],
)
def test_what_is_needed_and_mistyped(tmp_path: Path, old: str, new: str, problem: str) -> None:
    """The same holds for the keys that everybody needs, and for their sections."""
    assert problems_in(tmp_path, MINIMAL.replace(old, new)) == [f"notify.toml:{problem}"]


@pytest.mark.parametrize(
    "key", ["campaign.deadline", "change.effective", "change.old_works_until", "relay.new_account"]
)
@pytest.mark.parametrize(
    ("written", "mend"),
    [
        ("01.12.2026", "2026-12-01"),
        ('"1.12.26"', "2026-12-01"),
        ("12/01/2026", "2026-12-01 or 2026-01-12"),
        ("1. Dezember 2026  # Stichtag", "2026-12-01"),
        ("Dec 1, 2026", "2026-12-01"),
        ("20261201", "2026-12-01"),
        ("2026-12-01T08:00:00", "2026-12-01"),
        ("2026-13-01", "it as 2026-12-01"),
        ("31.13.2026", "it as 2026-12-01"),
        ("morgen", "it as 2026-12-01"),
    ],
)
def test_dates(tmp_path: Path, key: str, written: str, mend: str) -> None:
    """A date in another form gets the right one as its mend, at every key, whether TOML can read it or not."""
    section, _, name = key.partition(".")
    header = '[[relay]]\nhost = "smtp.example.net"' if section == "relay" else f"[{section}]"
    head = MINIMAL.replace("[campaign]\n", "") if section == "campaign" else MINIMAL
    (problem,) = problems_in(tmp_path, f"{header}\n{name} = {written}\n{head}")
    assert problem.endswith(f" is not a date; write {mend}")
    assert f": `{name}`: " in problem


def test_all_dates_at_once(tmp_path: Path) -> None:
    """Dates that TOML cannot read are told all together, and those that it can are not."""
    dates = "[change]\neffective = 01.12.2026\nold_works_until = 31.1.27\n"
    (tmp_path / "notify.toml").write_text(f"{MINIMAL}deadline = 2026-12-24\n{dates}", "utf-8")
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, options={}, environment={})
    assert [problem.where for problem in caught.value.problems] == ["notify.toml:7", "notify.toml:8"]


def test_an_empty_file(tmp_path: Path) -> None:
    """What must be there is named even when its section is not."""
    assert problems_in(tmp_path, "") == [
        'notify.toml: [campaign] needs `template`, such as template = "templates/change-of-details"',
        'notify.toml: [sender] needs `email`, such as email = "info@alt.example"',
    ]


def test_options_and_variables_are_named(tmp_path: Path) -> None:
    """A problem is told by what gave it: neither by the file nor by a line in it."""
    problems = problems_in(
        tmp_path,
        f"{MINIMAL}[send]\nbatch = 5\n",
        options={"send.batch": 0, "sender.email": "a@@b", "contacts.files": [5], "campaign.id": ""},
        environment={"NOTIFY_SEND_PAUSE": "x", "NOTIFY_CHANGE_NEW_PHONE": "12"},
    )
    assert sorted(problem.partition(":")[0] for problem in problems) == [
        *("--batch", "--contacts", "--from", "--id", "NOTIFY_CHANGE_NEW_PHONE", "NOTIFY_SEND_PAUSE")
    ]
    assert "--batch: 0 is not a whole number from 1 to 1000000" in problems


@pytest.mark.parametrize(
    ("octets", "where", "words"),
    [
        (b"[campaign]\nid = Muster PR", 2, "straight quotes"),
        (b"[campaign]\nid = \xe2\x80\x9cMuster\xe2\x80\x9d", 2, "straight quotes"),
        (b"id = 01.12.2026", 1, "2026-12-01"),
        (b'\nid = "C:\\kunden"', 2, "write / instead of"),
        (b'\nid = "C:\\Users"', 2, "write / instead of"),
        (b"[send]\n[send]", 2, "second time"),
        (b"id = 1\nid = 2", 2, "second time"),
        (b"\n\nid 5", 3, "key = value"),
        (b'a = "x\n', 1, "a text is on the line"),
        (b'\na = "x', 2, "a quote is missing"),
        (b"\na = [1,\n\n", 2, "Invalid value"),
        (b"a = 1\nb = 2\nc = \xff", 3, "not UTF-8"),
        ("[sender]\nname = 'Müller'".encode("cp1252"), 2, "not UTF-8"),
        ("x = 1".encode("utf-16"), 1, "not UTF-8"),
    ],
)
def test_not_toml(tmp_path: Path, octets: bytes, where: int, words: str) -> None:
    """A syntax error has its line, and the mend for those who have never seen TOML."""
    (tmp_path / "notify.toml").write_bytes(octets)
    with pytest.raises(ConfigError) as caught:
        load(tmp_path, options={}, environment={})
    (problem,) = caught.value.problems
    assert problem.where == f"notify.toml:{where}"
    assert words in problem.what
    assert caught.value.message == f"{problem}."


@pytest.mark.parametrize("octets", [b"a = " + b"[" * 5000, b"a = " + b"9" * 5000, b"a = 1" + b".a" * 5000])
def test_monsters(tmp_path: Path, octets: bytes) -> None:
    """What makes tomllib itself give up is a problem of the file too."""
    (tmp_path / "notify.toml").write_bytes(octets)
    with pytest.raises(ConfigError, match=r"notify\.toml"):
        load(tmp_path, options={}, environment={})


def test_byte_order_mark(tmp_path: Path) -> None:
    """Windows' Notepad puts one in front."""
    (tmp_path / "notify.toml").write_bytes(b"\xef\xbb\xbf" + MINIMAL.replace("\n", "\r\n").encode())
    assert load(tmp_path, options={}, environment={}).send.batch == 50


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    """A folder of that name is told as what it is."""
    (tmp_path / "notify.toml").mkdir()
    with pytest.raises(ConfigError, match="it is a folder, not a file"):
        load(tmp_path, options={}, environment={})


def test_unreadable(tmp_path: Path) -> None:
    """What the system says is passed on in one sentence: here a name that goes round in circles."""
    (tmp_path / "notify.toml").symlink_to("notify.toml")
    with pytest.raises(ConfigError, match="it cannot be read: "):
        load(tmp_path, options={}, environment={})


SAMPLE = sample("de").replace("\n# ", "\n").splitlines()
LINES = [line for line in SAMPLE if line.startswith("[") or " = " in line]
VALUES = [
    "5",
    "-1",
    "1e400",
    "nan",
    "true",
    '""',
    '"x"',
    "[]",
    "[[]]",
    "{}",
    "[{}]",
    "{a = 1}",
    "07:00:00",
    "2026-12-01",
]
VALUES += ["2026-12-01T00:00:00Z", "0x" + "f" * 5000, '"\\u0000"', '"<"', '"a@b.example"', '["10/min", 5]', "'''\n'''"]
CHANGES = st.one_of(
    st.tuples(st.just("value"), st.integers(0, len(LINES) - 1), st.sampled_from(VALUES)),
    st.tuples(
        st.just("line"), st.integers(0, len(LINES) - 1), st.sampled_from([*LINES, *(line + "]" for line in LINES), ""])
    ),
    st.tuples(
        st.just("name"), st.integers(0, len(LINES) - 1), st.sampled_from(["x", '""', '"[key]"', "a.b", "password", "0"])
    ),
    st.tuples(st.just("sign"), st.integers(0, len(LINES) - 1), st.characters()),
)
JARGON = (
    "input should",
    "valid dict",
    "valid tuple",
    "pydantic",
    "dict",
    "type=",
    "none",
    "field required",
    "nonetype",
    "understood",
)


def mutated(changes: list[tuple[str, int, str]]) -> str:
    """Return the sample with some of its lines changed."""
    lines = [line.split("  # ")[0] for line in LINES]
    for kind, number, new in changes:
        name, equals, value = lines[number].partition(" = ")
        middle = len(value) // 2
        lines[number] = {
            "value": f"{name} = {new}",
            "line": new,
            "name": f"{new}{equals}{value}",
            "sign": f"{name}{equals}{value[:middle]}{new}{value[middle:]}",
        }[kind]
    return "\n".join(lines)


def failure(folder: Path) -> ConfigError | None:
    """Load, and use what was loaded, or return why not."""
    try:
        settings = load(folder, options={}, environment={})
    except ConfigError as err:
        return err
    assert settings.campaign().id
    assert all(relay.port for relay in settings.relays)
    return None


@given(st.lists(CHANGES, max_size=6))
@example([])
def test_never_a_traceback(changes: list[tuple[str, int, str]]) -> None:
    """However the file is mangled: it loads, or a ConfigError says where and what in printable plain words."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "notify.toml").write_text(
            mutated(changes), encoding="utf-8", errors="surrogatepass", newline=""
        )
        error = failure(Path(folder))
    if error:
        assert error.problems
        for problem in error.problems:
            assert problem.where.startswith("notify.toml")
            assert problem.what.isprintable()
            assert not [word for word in JARGON if word in problem.what.replace('"none"', "").lower()], problem


@given(st.binary(max_size=60))
def test_never_a_traceback_on_rubbish(octets: bytes) -> None:
    """A file may be anything."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "notify.toml").write_bytes(octets)
        with pytest.raises(NotifyError):
            load(Path(folder), options={}, environment={})
