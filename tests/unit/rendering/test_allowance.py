"""A template that asks for more than any message needs ends with one sentence, at once, and without the memory."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from notify.core.contact import Contact, Origin
from notify.errors import InputError
from notify.rendering.allowance import weight
from notify.rendering.condition import Condition
from tests.unit.rendering.workshop import SHOWN, WHO, Workshop

_DOUBLED = "{% for i in range(60) %}{% set all.s = GROW %}{% endfor %}"
_GROWING = "{% set all = namespace(s='ab', l=[1]) %}\n" + _DOUBLED

#: On the third line of the file, that is the first of the body, unless another is named.
BOMBS = [
    "{{ 'a' * 10**9 }}",
    "{{ 10**9 * 'a' }}",
    "{{ 10**(10**10) }}",
    "{{ (-3)**(10**9) }}",
    "{{ 2.0 * 2**(10**8) }}",
    "{{ 10.0**400 }}",
    "{{ ('f' * 5000)|int(base=16) }}",
    "{% set n = ('f' * 300000)|int(base=16) %}{% for i in range(99999) %}{% set m = 2 // n %}{% endfor %}",
    "{% set n = ('f' * 300000)|int(base=16) %}{% for i in range(99999) %}{% set m = n % 3 %}{% endfor %}",
    "{% set n = ('f' * 300000)|int(base=16) %}{% for i in range(99999) %}{% set m = n - 1 + n %}{% endfor %}",
    "{{ ([1] * 10**9)|length }}",
    "{{ [[1] * 1000] * 10**6 }}",
    "{{ '%1000000000s' % 1 }}",
    "{{ '%.1000000000f' % 1 }}",
    "{{ '%*d' % (10**9, 1) }}",
    "{{ '%(x)0999999999d' % {'x': 1} }}",
    "{{ '%1000000000s'|format(1) }}",
    "{{ '{:1000000000}'.format(1) }}",
    "{{ '{:{}}'.format(1, 10**9) }}",
    "{{ '{x:>{w}}'.format_map({'x': 1, 'w': 10**9}) }}",
    "{{ ('{0}' * 10000).format('x' * 10000) }}",
    "{{ ('%s' * 10000) % (('x' * 10000,) * 10000) }}",
    "{{ 'x'.center(10**9) }}",
    "{{ 'x'.ljust(width) if false else 'x'.ljust(10**9) }}".replace("width", "9"),
    "{{ 'x'['rjust'](10**9) }}",
    "{{ ('x'|attr('zfill'))(10**9) }}",
    "{{ '\t'.expandtabs(10**9) }}",
    "{{ ('a' * 10000).replace('a', 'b' * 10000) }}",
    "{{ ('a' * 10000).replace('', 'b' * 10000) }}",
    "{{ ('a' * 10000).join(['b'] * 10000) }}",
    "{{ ('a' * 10000).join('b' * 10000) }}",
    "{{ ('a' * 10000).join(['b'|upper, 'c'] * 10000)|length }}",
    "{{ ('a' * 10000).translate({97: 'b' * 10000}) }}",
    "{{ (1).to_bytes(10**9, 'big')|length }}",
    "{{ 'a'.encode().center(10**9)|length }}",
    "{{ 'x'|center(10**9) }}",
    "{{ 'x'|center(width=10**9) }}",
    "{{ 'x'|indent(10**9, true) }}",
    "{{ ('x\n' * 10000)|indent('y' * 10000) }}",
    "{{ ('a' * 10000)|replace('a', 'b' * 10000) }}",
    "{{ (['a'] * 10000)|join('b' * 10000) }}",
    "{{ range(10000)|map('string')|join('b' * 10000) }}",
    "{{ ['x']|batch(10**9, 'y')|list|length }}",
    "{{ ['x']|slice(10**9)|list|length }}",
    "{{ ('a ' * 10000)|wordwrap(1, wrapstring='b' * 10000) }}",
    "{{ 5|round(-(10**9)) }}",
    "{{ 5|round(10**9, 'floor') }}",
    "{{ range(99999)|map('center', 99999)|list|length }}",
    "{{ ([[1] * 2000] * 2000)|sum(start=[])|length }}",
    "{{ ([namespace(l=[1] * 2000)] * 2000)|sum('l', [])|length }}",
    "{{ ([namespace(s='x' * 2000)] * 2000)|join(attribute='s') }}",
    "{{ range(1000000)|list|length }}",
    "{{ range(10**30)|length }}",
    "{{ range(0, -(10**9), -1)|sum }}",
    "{% for a in range(99999) %}{% for b in range(99999) %}x{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{% for b in range(99999) if b is none %}{% endfor %}{% endfor %}",
    "{% for a in range(99999) %}{% for b in range(99999) %}{{ loop.length }}{% endfor %}{% endfor %}",
    "{% for a in range(99999) recursive %}{{ loop(range(99999)) if loop.depth < 3 }}{% endfor %}",
    "{% for a in range(3) recursive %}{{ loop(range(3)) }}{% endfor %}",
    "{% for a in range(99999) %}" + "twenty-five letters and " * 10 + "{% endfor %}",
    "{% for a in range(90000) %}{{ 'x' * 1000 }}{% endfor %}",
    "{% set s = 'x' * 100000 %}{% for a in range(1000) %}{{ s }}{% endfor %}",
    "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
    "{% macro m(n) %}{% if n %}{{ m(n - 1) }}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(99) }}",
    "{% block b %}{{ self.b() }}{{ self.b() }}{% endblock %}",
    _GROWING.replace("GROW", "all.s + all.s"),
    _GROWING.replace("GROW", "all.s ~ all.s"),
    _GROWING.replace("GROW", "all.s|replace('a', 'aa')|replace('b', 'bb')"),
    _GROWING.replace("GROW", "(all.s, all.s)|join"),
    _GROWING.replace("GROW", "'%s%s' % (all.s, all.s)"),
    _GROWING.replace("GROW", "'{0}{0}'.format(all.s)"),
    _GROWING.replace("GROW", "(2 if i == 0 else all.s * all.s)"),
    _GROWING.replace("all.s = GROW", "all.l = all.l + all.l"),
    _GROWING.replace("all.s = GROW", "all.l = [all.l, all.l]") + "{{ all.l|string }}",
    _GROWING.replace("all.s = GROW", "all.l = [all.l, all.l]") + "{{ all.l ~ '' }}",
    _GROWING.replace("all.s = GROW", "all.l = [all.l, all.l]") + "{{ '%s' % (all.l,) }}",
    _GROWING.replace("all.s = GROW", "all.l = {'a': all.l, 'b': all.l}") + "{{ all.l|pprint }}",
    _GROWING.replace("{% set all.s = GROW %}", "{% set all.s %}{{ all.s }}{{ all.s }}{% endset %}"),
]


@pytest.mark.parametrize("bomb", BOMBS)
def test_bomb(workshop: Workshop, bomb: str) -> None:
    """It has a line, a contact and a mend, whatever it is made of, and comes at once."""
    begun = time.process_time()
    error = workshop.message(bomb).refused()
    assert time.process_time() - begun < 10
    assert error.message.startswith(f"{SHOWN}/message.de.md:{3 + bomb.count(chr(10))}: ")
    assert error.message.endswith(f"(for the contact at {WHO}).")
    assert ("more than" in error.message) or ("too large" in error.message) or ("itself" in error.message)
    assert error.hint.startswith("Mend the template")


def test_memory(tmp_path: Path) -> None:
    """None of them takes any memory worth speaking of, in plain text either."""
    resource = pytest.importorskip("resource")

    def most_mb() -> float:
        return float(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss) / (
            1024 if sys.platform == "linux" else 1024**2
        )

    before = most_mb()
    # those that only take their time take no memory
    for number, bomb in enumerate(bomb for bomb in BOMBS if "99999" not in bomb and "macro" not in bomb):
        Workshop(tmp_path / str(number)).message(bomb, name="message.de.txt").refused()
    assert most_mb() - before < 60


@pytest.mark.parametrize("bomb", ["{{ 'a' * 10**9 }}", "{% for i in range(99999) %}" + "y" * 40 + "{% endfor %}"])
def test_everywhere(workshop: Workshop, bomb: str) -> None:
    """In the Subject, the Reply-To, the layout and what is included as in the text."""
    assert ":1: " in workshop.message("x", headers=f"Subject: {bomb}\n").refused().message
    assert ":2: " in workshop.message("x", headers=f"Subject: x\nReply-To: {bomb}\n").refused().message
    workshop.message("x\n{% include 'other.md' %}").write("other.md", f"\n{bomb}")
    assert workshop.refused().message.startswith((f"{SHOWN}/other.md:2: ", f"{SHOWN}/message.de.md:4: "))
    workshop.message("x").write("layout.html", f"{{{{ body }}}}\n{bomb}")
    assert f"{SHOWN}/layout.html:2: " in workshop.refused().message


@pytest.mark.parametrize(
    "expression",
    ["'a' * 10**9", "'a'|center(10**9) == 'a'", "10**(10**10) > 1", "'%999999999d' % 1", "'a'.ljust(10**9)"],
)
def test_conditions(expression: str) -> None:
    """A condition is computed for each row, and bound in the same way."""
    condition = Condition(expression, "where", ["E-Mail"])
    with pytest.raises(InputError, match=r"where .*(more than|too large)"):
        condition.holds(Contact(Origin("kunden.csv", 2), {}, {"E-Mail": "a@example.com"}))


@pytest.mark.parametrize(
    ("text", "printed"),
    [
        ("{{ 'ab' * 3 }}", "ababab"),
        ("{{ 2**10 }} {{ 7 * 6 }} {{ 7.5 * 2 }} {{ 2**-1 }} {{ 1**10000000 }}", "1024 42 15.0 0.5 1"),
        ("{{ '%05.2f %s %%' % (1.5, 'x') }} {{ '%s'|format('y') }}", "01.50 x % y"),
        ("{{ '{:,.2f} {}'.format(1234567.891, 'x') }} {{ '{a}'.format_map({'a': 1}) }}", "1,234,567.89 x 1"),
        ("{{ 'x'.center(5) }}|{{ 'x'|center(5) }}|{{ 'ab'.replace('a', 'c') }}", "  x  |  x  |cb"),
        ("{{ ', '.join(['a', 'b']) }} {{ ['a', 'b']|join('-') }} {{ ['a', 'b']|map('upper')|join }}", "a, b a-b AB"),
        ("{{ [1, 2]|sum }} {{ [{'x': 1}, {'x': 2}]|sum('x') }} {{ [[1], [2]]|sum(start=[])|length }}", "3 3 2"),
        ("{{ [{'x': 1}, {'x': 2}]|join('+', attribute='x') }}", "1+2"),
        (
            "{% for a in [1, 2, 3] %}{{ loop.index }}/{{ loop.length }}{{ '.' if loop.last else ',' }}{% endfor %}",
            "1/3,2/3,3/3.",
        ),
        ("{% for a in [1, 2, 3] if a != 2 %}{{ a }}{% else %}none{% endfor %}", "13"),
        ("{% for a in [[1, [2, 3]]] recursive %}{{ a if a is number else loop(a) }}{% endfor %}", "123"),
        (
            "{% for a in [] %}{% else %}none{% endfor %} {% for k, v in {'a': 1}.items() %}{{ k }}{{ v }}{% endfor %}",
            "none a1",
        ),
        (
            "{{ 1 < 2 < 3 }} {{ 'a' in 'abc' }} {{ 'x' ~ 1 ~ 'y' }} {{ 1.25|round(1) }} {{ 42|round(-1) }}",
            "True True x1y 1.2 40",
        ),
        ("{{ range(5)|list|length }} {{ range(3, 0, -1)|join }} {{ range(0)|list|length }}", "5 321 0"),
        ("{{ 'a\nb'|indent(2)|replace('\n', '/') }} {{ [1, 2, 3]|batch(2, 0)|list|length }}", "a/  b 2"),
        ("{{ 7 - 2 }} {{ 7 / 2 }} {{ 7 // 2 }} {{ 7.5 % 2 }} {{ true + true }} {{ -3 + 1 }}", "5 3.5 3 1.5 2 -2"),
        ("{{ '10'|int + 5 }} {{ (1, 2) + (3,) == (1, 2, 3) }} {{ 10 % 4 }}", "15 True 2"),
    ],
)
def test_what_is_ordinary(workshop: Workshop, text: str, printed: str) -> None:
    """What messages do need goes on as it did."""
    assert workshop.message(text, name="message.de.txt").render().text == f"{printed}\n"


def test_enough(workshop: Workshop) -> None:
    """A message with a table of two thousand lines and a layout with a picture is no trouble."""
    row = "{{ i }}: {{ contact.company|upper|replace('A', 'B') }} {{ '%.2f'|format(i) }} {{ '{:>8}'.format(i) }}\n"
    workshop.message(f"{{% for i in range(2000) %}}{row}{{% endfor %}}")
    workshop.write("layout.html", "{{ body }}<img src='data:image/png;base64," + "x" * 1_500_000 + "'>")
    assert len(workshop.render(company="Muster AG").html) > 1_500_000


def test_weight() -> None:
    """What a value weighs is what it would be when written; of more than may be, that it is more."""
    assert weight("abc") == 4
    assert weight(["abc", {"k": b"vv"}], 7) < 15
    nested: list[object] = ["x"]
    for _ in range(60):
        nested = [nested, nested]
    assert weight(nested) > 2_000_000
    assert weight([[0] * 1_000_000] * 1_000_000) > 2_000_000
