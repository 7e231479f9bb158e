"""What is typed is what is read: no date, number, name, address or link is altered, in neither part."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from notify.rendering.markdown import to_text
from tests.unit.rendering.screen import Screen, html_of

#: Lines that CommonMark would alter, or draw to another line, and that are none of our marks.
UNTOUCHED = [
    # dates and numbers are no lists
    "15. Dezember 2026: Wir ziehen um.",
    "15. Dezember 2026: Wir ziehen um.\n\n16. Dezember 2026: Wir sind da.",
    "15. Dezember 2026: Wir ziehen um.\n16. Dezember 2026: Wir sind da.",
    "1. Jänner\n2. Feber\n3. Mär. 2027",
    "1. May 2026\n2. Sept 2026",
    "1. janvier\n2. août",
    "ab dem\n1. Dezember 2026 und\n2. Januar 2027",
    "7. und 8. Januar\n8. bis 9. Februar\n9. – 10. März\n10./11. April",
    "7. 12. 2026\n8. 12. 2026",
    "9. – 10. März\n10. – 11. März",
    "1986. Ein großes Jahr.",
    "2. Obergeschoss",
    "1) eins\n2) zwei",
    "01. eins\n02. zwei",
    "1. eins\n1. noch eins\n1. und noch eins",
    "3. drei\n7. sieben",
    "1.000 €\n2.000 €",
    # nor is what stands for itself
    "- 5 Grad",
    "-5 Grad\n-7 Grad",
    "gestern noch\n- 5 Grad",
    "Mit freundlichen Grüßen\n- Anna Beispiel",
    "* Alle Preise zuzüglich Umsatzsteuer",
    "Fax:\n-\nTelefon: 1",
    "-",
    "+ 49 40 123456",
    "+49 40 123456\n+ 49 40 654321",
    "+ eins\n+ zwei",
    # no line is drawn under another one to make a heading of it
    "Grüße\n-----",
    "Grüße\n===",
    "Muster PR\n---\nStraße 1",
    "Ort, Datum\n___________________",
    "___________________",
    "***",
    "* * *",
    "- - -",
    "~~~~~~~~~~\nText\n~~~~~~~~~~",
    "```\nText",
    "# 5 Stück",
    "# 4711",
    "#1 der Branche",
    "#",
    "Kundennummer\n# A 4711",
    "####### sieben",
    # more than, and no quotation
    "> 5 kg",
    ">90 %",
    "ab sofort\n> 20 Jahre Erfahrung",
    ">",
    # arithmetic, words and names with stars, underscores, backticks, tildes
    "2*3*4 = 24",
    "2 * 3 * 4 = 24",
    "2**3**4",
    "Kund*innen und Lehrer*innen, jede*r und jeder*m",
    "5,00 €* und 6,00 €*, 7,00 €*.",
    "5 €*/Stück und 6 €*/Stück",
    "(*) freiwillig, (*) auch freiwillig",
    "(*) freiwillig ab 5 €*",
    "*Angaben mit (*)",
    "3 €*) und 4 €*)\n*) zuzüglich Umsatzsteuer",
    "** wichtig **",
    "a_b_c und _name_ und __init__ und snake_case_name",
    "_kursiv_ und __fett__",
    "Heidi`s und Peter`s Laden",
    "Wie geht `s? So geht `s.",
    "~5 Stück und ~6 Stück, ~/ordner",
    "a~~b~~c",
    "DE** **** **** **12 und DE** **** **** **34",
    "DE12 **** **** **** **34 56, **** **** **** 1234",
    # brackets, entities without their semicolon, HTML, backslashes
    "[1] und [Name] und [ ] und [x]",
    "[1]: https://neu.example/agb",
    "siehe [1]\n\n[1]: https://neu.example/agb",
    "[Vertrag][2]",
    "[^1]: eine Fußnote",
    "[Name](siehe unten) und [Anlage](1)",
    "[x](javascript:alert(1)) [y](www.neu.example)",
    "AT&T, R&D;, &copy=1, &unknown;",
    "<br> <b>kein HTML</b> <!-- nichts --> <?php ?> <foo:bar>",
    "<div>\nText\n</div>",
    r"C:\Daten\_neu\*.txt und C:\*",
    "C:\\Daten\\\nD:\\Neu\\",
    r"\\nas\_x\y",
    r"\o/ und a\b",
    # bars
    "Muster GmbH | Hafenstraße 1 | 20095 Hamburg",
    "a | b\n1 | 2",
    "a | b\n---",
    "| a | b |\n|---|---|\n| 1 | 2 | 3 |",
    # unusual blanks
    "\u00a0\u00a0Straße\u00a01\u00a0",
    "DE12\u00a03456\u202f7890, Donau\u00addampf",
]


def lines_of(typed: str) -> list[str]:
    """Return the lines that have something on them, as a browser shows them."""
    return [line for line in (re.sub(r"[ \t]+", " ", line).strip(" ") for line in typed.split("\n")) if line]


@pytest.mark.parametrize("typed", UNTOUCHED)
def test_what_is_no_mark_stays(typed: str) -> None:
    """What people type for its own sake is in both parts as they typed it: each line, to the character."""
    assert to_text(typed) == f"{typed}\n"
    screen = Screen(html_of(typed))
    assert screen.lines == lines_of(typed)
    assert "<li>" not in html_of(typed)
    assert "<h" not in html_of(typed)


@pytest.mark.parametrize(
    ("typed", "text", "html"),
    [
        ("1. eins\n2. zwei", "1. eins\n2. zwei", "<ol>\n<li>eins</li>\n<li>zwei</li>\n</ol>\n"),
        ("3. drei\n4. vier", "3. drei\n4. vier", '<ol start="3">\n<li>drei</li>\n<li>vier</li>\n</ol>\n'),
        ("1. Maibaum\n2. Mario", "1. Maibaum\n2. Mario", "<ol>\n<li>Maibaum</li>\n<li>Mario</li>\n</ol>\n"),
        (
            "1. eins\n2. zwei\n15. Dezember",
            "1. eins\n2. zwei\n\n15. Dezember",
            "<ol>\n<li>eins</li>\n<li>zwei</li>\n</ol>\n<p>15. Dezember</p>\n",
        ),
        (
            "1. eins\n   noch\n\n2. zwei\n3) drei",
            "1. eins\n   noch\n2. zwei\n\n3) drei",
            "<ol>\n<li>\n<p>eins<br />\nnoch</p>\n</li>\n<li>\n<p>zwei</p>\n</li>\n</ol>\n<p>3) drei</p>\n",
        ),
        (
            "1.\teins\n\tnoch\n2.\tzwei",
            "1. eins\n   noch\n2. zwei",
            "<ol>\n<li>eins<br />\nnoch</li>\n<li>zwei</li>\n</ol>\n",
        ),
        (
            "1.\teins\n2.\tzwei\n   9. neun",
            "1. eins\n2. zwei\n\n9. neun",
            "<ol>\n<li>eins</li>\n<li>zwei</li>\n</ol>\n<p>9. neun</p>\n",
        ),
        ("- Anna", "- Anna", "<ul>\n<li>Anna</li>\n</ul>\n"),
        ("- 5 Grad\n- 7 Grad", "- 5 Grad\n- 7 Grad", "<ul>\n<li>5 Grad</li>\n<li>7 Grad</li>\n</ul>\n"),
        ("Neu:\n- a\n- b", "Neu:\n\n- a\n- b", "<p>Neu:</p>\n<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("- a\n- b\nGrüße", "- a\n- b\n\nGrüße", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n<p>Grüße</p>\n"),
        ("> Zitat\nAntwort", "> Zitat\n\nAntwort", "<blockquote>\n<p>Zitat</p>\n</blockquote>\n<p>Antwort</p>\n"),
        ("> a\n>9", "> a\n\n>9", "<blockquote>\n<p>a</p>\n</blockquote>\n<p>&gt;9</p>\n"),
        ("# Titel", "Titel", "<h1>Titel</h1>\n"),
        ("## Titel ##", "Titel", "<h2>Titel</h2>\n"),
        ("# 15. Dezember", "15. Dezember", "<h1>15. Dezember</h1>\n"),
        ("# 15.12.2026", "15.12.2026", "<h1>15.12.2026</h1>\n"),
        ("# C#", "C#", "<h1>C#</h1>\n"),
        ("A\n\n-----\n\nB", f"A\n\n{'-' * 20}\n\nB", "<p>A</p>\n<hr />\n<p>B</p>\n"),
        ("~~alt~~ neu", "~~alt~~ neu", "<p><s>alt</s> neu</p>\n"),
        ("***a*** **b**, „*c*“", "a b, „c“", "<p><em><strong>a</strong></em> <strong>b</strong>, „<em>c</em>“</p>\n"),
        ("*Kund*innen*", "Kund*innen", "<p><em>Kund*innen</em></p>\n"),
        ("**20 %** (**neu**)", "20 % (neu)", "<p><strong>20 %</strong> (<strong>neu</strong>)</p>\n"),
        ("`a*b*` ``c`d``", "a*b* c`d", "<p><code>a*b*</code> <code>c`d</code></p>\n"),
        (r"15\. Mai \*x\* \_y\_ 2\\3", r"15. Mai *x* _y_ 2\3", "<p>15. Mai *x* _y_ 2\\3</p>\n"),
        (
            "    Muster PR\n    **Straße** 1\n\nText",
            "    Muster PR\n    Straße 1\n\nText",
            '<div style="margin-left: 2em">\n<p>Muster PR<br />\n<strong>Straße</strong> 1</p>\n</div>\n<p>Text</p>\n',
        ),
        ("```python\n*x*\n```", "    *x*", '<pre><code class="language-python">*x*\n</code></pre>\n'),
        ("[a][1]\n\n[1]: https://x.example", "a (https://x.example)", '<p><a href="https://x.example">a</a></p>\n'),
        ("| a |\n|---|\n| 1 |\nGrüße", "1\n\nGrüße", None),
        ("Grüße\n-- \nMuster PR", "Grüße\n-- \nMuster PR", "<p>Grüße<br />\n-- <br />\nMuster PR</p>\n"),
        ("Grüße\n\n-- \nMuster PR", "Grüße\n\n-- \nMuster PR", "<p>Grüße</p>\n<p>-- <br />\nMuster PR</p>\n"),
        ("Grüße\n-- \n\nMuster PR", "Grüße\n-- \n\nMuster PR", "<p>Grüße<br />\n-- </p>\n<p>Muster PR</p>\n"),
        ("-- \n\nMuster PR", "-- \n\nMuster PR", "<p>-- </p>\n<p>Muster PR</p>\n"),
        ("a -- b  \n--\nc", "a -- b\n--\nc", "<p>a -- b<br />\n--<br />\nc</p>\n"),
    ],
)
def test_marks(typed: str, text: str, html: str | None) -> None:
    """The marks that are left do what they are known for, and go no further than they were typed."""
    assert to_text(typed) == f"{text}\n"
    if html is not None:
        assert html_of(typed) == html


def test_nothing_is_lost_in_the_depth() -> None:
    """However deep quotations and lists are nested: the parser would leave out what is deeper than it goes."""
    for mark in ("> ", "- "):
        typed = mark * 60 + "Anna"
        assert to_text(typed) == f"{typed}\n"
        assert "Anna" in html_of(typed)


MONTHS = "Januar Feb. März Mai December Sept. août 12.".split()
number = st.integers(0, 10**6).map(str)
small = st.integers(1, 31).map(str)
groups = st.lists(st.integers(0, 9999).map("{:04}".format), min_size=2, max_size=5)
words = st.sampled_from("Anna Straße Wir sind GmbH & neu: (ab) „jetzt“ Grüße, erreichbar. –".split())
word = st.text("abcdeäßxyz", min_size=1, max_size=4)
dates = st.builds("{}. {} {}".format, small, st.sampled_from(MONTHS), st.integers(1980, 2030)) | st.builds(
    "{}.{}".format, small, st.sampled_from(["", " und 8. Januar", "12.2026", " Obergeschoss"])
)
phones = st.builds(
    lambda beginning, parts, by: beginning + by.join(parts),
    st.sampled_from(["+49 ", "+ 49 ", "(0 40) ", "0", "- ", "+", "1) "]),
    groups,
    st.sampled_from([" ", "-", "/", " / ", ".", "\u00a0"]),
)
ibans = st.builds(lambda parts: "DE12 " + " ".join(parts), groups) | st.builds(
    "{} **** **** {}".format, st.sampled_from(["DE**", "DE12", "****"]), st.sampled_from(["1234", "**34", "**** 56"])
)
# a bracket that was opened before the link ends it
parts = st.text("abc_~*([{&=;%äß01", min_size=1, max_size=8) | st.sampled_from(["a_(b_c)_d", "[0]*[1]*", "{a}_{b}_"])
pages = st.builds(
    lambda host, part, end: f"{host}/{part}{end}",
    st.sampled_from(["https://neu.example", "http://a_b.müller.example", "www.neu.example"]),
    parts,
    st.sampled_from(["", "/_form_/a", "/", "?a=1&copy=2", "#_x_"]),
)
addresses = st.builds(
    "{}{}@{}.example".format,
    st.sampled_from(["", "_", "__", "a.b_", "x+y"]),
    st.text("abc_1", min_size=1, max_size=5),
    word,
)
sums = st.lists(number, min_size=2, max_size=4).flatmap(
    lambda numbers: st.sampled_from(["*", "**", " * ", " + ", " - ", "/", " > ", "^", "_", "~"]).map(
        lambda sign: sign.join(numbers)
    )
)
names = st.sampled_from(
    "_muster_|__init__|Kund*innen|*|Heidi`s|5 €*|(*)|#1|# 4711|> 5 kg|>90 %|* a|[1]|[Name]|[x](unten)|<foo>|&copy=1|"
    r"AT&T|C:\_x_\*|\\nas\_x_\*|-5|- 5|1.|2.|3. Stock|~5|+".split("|")
) | st.just("a | b")
signatures = st.sampled_from(["-- ", "--", "-----", "=====", "_____", "~~~~~", "*****", "- - -"])
pieces = st.one_of(dates, phones, ibans, pages, addresses, sums, names)
line = st.one_of(
    st.builds("{} {} {}".format, words, pieces, words),
    st.builds("{} {}".format, pieces, words),
    st.builds("{} {}".format, words, pieces),
    st.builds("{} {} {}".format, pieces, words, pieces),
    pieces,
    signatures,
    words,
)
#: Several paragraphs of several lines; a line of dashes between empty ones would be a rule.
letters = (
    st.lists(st.lists(line, min_size=1, max_size=4).map("\n".join), min_size=1, max_size=3)
    .map("\n\n".join)
    .filter(lambda letter: not re.search(r"(?:^|\n\n)---+(?:\n\n|$)", letter))
)


@given(letters)
def test_a_letter_is_read_as_it_was_typed(letter: str) -> None:
    """Dates, numbers, IBANs, links, addresses, sums, names and signatures, wherever they stand in whatever order."""
    assert list(map(_bulleted, filter(None, to_text(letter).split("\n")))) == list(
        map(_bulleted, filter(None, letter.split("\n")))
    )
    assert list(map(_bulleted, Screen(html_of(letter)).lines)) == list(map(_bulleted, lines_of(letter)))


@given(st.one_of(dates, phones, ibans, pages, addresses), st.sampled_from(["*", "**", "***", "~~"]))
def test_what_is_emphasised_is_read_as_it_was_typed(piece: str, mark: str) -> None:
    """A mark around something is taken from around it, and from nowhere else."""
    assume(piece[0] != "*" and piece[-1] not in "*~([{")
    letter = f"Neu: {mark}{piece}{mark}, ab jetzt"
    plain = f"Neu: {piece}, ab jetzt"
    assert to_text(letter) == f"{letter if mark == '~~' else plain}\n"
    assert Screen(html_of(letter)).lines == lines_of(plain)


def _bulleted(line: str) -> str:
    """Return a line with the one mark of an item of a list: two lines with a star before them are a list."""
    return f"- {line[2:]}" if line.startswith("* ") else line
