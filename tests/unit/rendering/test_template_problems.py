"""What is wrong in a template is one error: file, line, what, and the contact where one is concerned."""

from __future__ import annotations

from pathlib import Path

import pytest

from notify.core.campaign import Campaign
from notify.errors import InputError
from notify.rendering import Template
from tests.unit.rendering.workshop import SENDER, SHOWN, WHO, Workshop

MESSAGE = f"{SHOWN}/message.de.md"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("", 1, "no Subject"),
        ("Guten Tag,\n\nText\n", 1, "no Subject"),
        ("\nSubject: x\n\nText\n", 1, "no Subject"),
        ("Reply-To: a@b.example\n\nText\n", 1, "no Subject"),
        ("Subject:\n\nText\n", 1, "the Subject is empty"),
        ("Reply-To: a@b.example\nSubject: \t \n\nText\n", 2, "the Subject is empty"),
        ("Subject: a\nSubject: b\n\nText\n", 2, "Subject stands here a second time"),
        ("Subject: a\nsubject: b\n\nText\n", 2, "Subject stands here a second time"),
        ("Subject: a\nReply-To: x\nReply-To: y\n\nText\n", 3, "Reply-To stands here a second time"),
        ("Subject: a\nBcc: x@y.example\n\nText\n", 2, '"Bcc" cannot be set'),
        ("Subject: a\nFrom: x@y.example\n\nText\n", 2, '"From" cannot be set'),
        ("Betreff: a\n\nText\n", 1, '"Betreff" cannot be set'),
        ("Subject: a\nText ohne Leerzeile\n\nText\n", 2, "neither a header nor the empty line"),
        ("Subject: a\n folded\n\nText\n", 2, "neither a header nor the empty line"),
    ],
)
def test_the_header_block(workshop: Workshop, text: str, line: int, words: str) -> None:
    """Subject once and not empty, Reply-To at most once, Attachment; nothing else, and an empty line below."""
    error = workshop.write("message.de.md", text).refused()
    assert error.message.startswith(f"{MESSAGE}:{line}: ")
    assert words in error.message
    assert "contact" not in error.message
    assert error.hint


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize(
    ("subject", "body", "line", "words", "of_contact"),
    [
        ("x", "{{ nme }}", 3, '"nme" is not defined', False),
        ("x", "\n\n{{ contact.nme }}", 5, '"contact.nme" is not defined', False),
        ("x", "{{ contact['nme'] }}", 3, '"contact.nme" is not defined', False),
        ("x", "{{ salutation }}\n{{ old.emial }}", 4, '"old.emial" is not defined', False),
        ("x", "{{ sender.phone }}", 3, '"sender.phone" is not defined', False),
        ("{{ nme }}", "Text", 1, '"nme" is not defined', False),
        ("x", "a\n{{ salutation|uper }}", 4, 'no filter "uper"', False),
        ("x", "{% if contact.name %}\n{{ contact.name|uper }}\n{% endif %}", 4, 'no filter "uper"', False),
        ("x", "{% if salutation is emty %}{% endif %}", 3, 'no test "emty"', False),
        ("x", "a\n\n{% if x", 5, "unexpected end of template", False),
        ("x", "{% for x in changes %}\n", 4, "endfor", False),
        ("x", "{{ salutation }\n", 3, "unexpected '}'", False),
        ("x", "{% foo %}", 3, "unknown tag 'foo'", False),
        ("{{ x", "Text", 1, "unexpected end of template", False),
        ("x", "Text\n\n{{ row['Nachname'] }}", 5, "there is no column 'Nachname'", True),
        ("x", "Text\n\n{{ row.Nachname }}", 5, "there is no column 'Nachname'", True),
        ("{{ row.Nachname }}", "Text", 1, "there is no column 'Nachname'", True),
        ("x", "{{ new.phone }}", 3, "new.phone is not given", True),
        ("x", "{{ new.phone|upper }}", 3, "new.phone is not given", True),
        ("x", "{{ 'Telefon: ' ~ new.phone }}", 3, "new.phone is not given", True),
        ("x", "{{ 'Telefon: %s'|format(new.phone) }}", 3, "new.phone is not given", True),
        ("x", "\n{{ old_works_until }}", 4, "old_works_until is not given", True),
        ("x", "{{ none }}", 3, "not set", True),
        ("x", "a\n{{ 1/0 }}", 4, "division by zero", True),
        ("x", "{% for change in changes %}\n{{ change.lable }}\n{% endfor %}", 4, "there is no 'lable'", True),
        ("x", "{% set a %}{{ salutation }}{% endset %}\n{{ a|upper }}", 4, "what a block or macro has printed", True),
        ("x", "{{ contact }}", 3, "a dict is printed", True),
        ("x", "{{ changes }}", 3, "a tuple is printed", True),
        ("x", "\n{{ effective.isoformat }}", 4, "is printed", True),
        ("x", "{% for i in range(1000000) %}{% endfor %}", 3, "a range of more than 100,000 numbers", True),
        ("{{ '' }}", "Text", 1, "the Subject is empty", True),
        ("x", "Text\n![Logo](https://muster.example/logo.png)", 4, "an image", False),
        ("x", "Text\n\n![Logo][1]\n\n[1]: https://x.example/logo.png", 7, "an image", False),
        ("x", "Text\n\n![Logo][1]\n\n[1]: /logo.png", 7, "there is no picture /logo.png", False),
        ("x", "[x](https://a.example)\n[x]({{ contact.company }})", 4, 'a link leads to "javascript:alert(1)"', True),
        ("x", "{{ contact.company }}\n[x]({{ contact.company }})", 4, 'a link leads to "javascript:alert(1)"', True),
        ("x", "[x](java{{ contact.city }})", 3, 'a link leads to "javascript:alert(2)"', True),
        ("x", "[a][a]\n\n[a]: {{ contact.company }}", 5, 'a link leads to "javascript:alert(1)"', True),
    ],
)
def test_file_line_and_contact(  # noqa: PLR0917
    workshop: Workshop, line_end: str, bom: bytes, subject: str, body: str, line: int, words: str, of_contact: bool
) -> None:
    """The line is that of the file, whatever its line ends and though the body begins below the headers."""
    text = f"Subject: {subject}\n\n{body}\n".replace("\n", line_end)
    error = workshop.write("message.de.md", bom + text.encode()).refused(
        company="javascript:alert(1)", city="script:alert(2)"
    )
    assert error.message.startswith(f"{MESSAGE}:{line}: ")
    assert words in error.message
    assert error.message.endswith(f" (for the contact at {WHO}).") == of_contact
    assert ".." not in error.message
    assert "object" not in error.message


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("{{ salutaton }}", "Did you mean salutation?"),
        ("{{ last_name }}", "Did you mean contact.last_name?"),
        ("{{ Kundennummer }}", 'row["Kundennummer"]'),
        ("{{ contact.lastname }}", "Did you mean contact.last_name?"),
        ("{{ contact.Abteilung }}", 'row["Abteilung"]'),
        ("{{ new.emial }}", "Did you mean new.email?"),
        ("{{ salutation|uppr }}", "Did you mean upper?"),
    ],
)
def test_the_mend_is_told(workshop: Workshop, name: str, hint: str) -> None:
    """The nearest name that there is, or how a column is named."""
    assert hint in workshop.message(name).refused().hint


@pytest.mark.parametrize(
    "escape",
    [
        "row.__class__",
        "row['__class__']['__mro__']",
        "contact|attr('__class__')",
        "''|attr('__class__')|attr('__mro__')",
        "''['__class__']",
        "('' ~ '__class__')['__init__']",
        "salutation.format.__globals__",
        "'{0.__class__}'.format(salutation)",
        "'{x.__class__}'.format_map({'x': salutation})",
        "salutation['fo' ~ 'rmat']['__globals__']",
        "effective.__reduce__()",
        "effective|attr('__reduce_ex__')(4)",
        "changes[0].__class__",
        "changes|map(attribute='__class__')|first",
        "changes|map('attr', '__class__')|first",
        "joiner.__init__.__globals__",
        "cycler.__init__.__globals__['os']",
        "namespace.__init__.__globals__",
        "self.__init__",
        "self._TemplateReference__context",
        "range.__class__",
        "row.update({'a': 'b'})",
        "row.clear()",
        "row.setdefault('a', 'b')",
        "[].append(1)",
        "dict.fromkeys.__self__",
    ],
)
@pytest.mark.parametrize("name", ["message.de.md", "message.de.txt"])
def test_the_sandbox_holds(workshop: Workshop, escape: str, name: str) -> None:
    """Nothing of Python's insides can be reached, and nothing that a template is given can be changed by it."""
    workshop.message(f"Text\n{{{{ {escape} }}}}", name=name)
    error = workshop.refused({"Name": "Anna"})
    assert error.message.startswith(f"{SHOWN}/{name}:4: ")


@pytest.mark.parametrize("name", ["random", "urlize", "tojson", "xmlattr"])
def test_filters_that_are_left_out(workshop: Workshop, name: str) -> None:
    """A filter that makes HTML of a value, or something else each time, is unknown."""
    assert f'no filter "{name}"' in workshop.message(f"{{{{ salutation|{name} }}}}").refused().message


@pytest.mark.parametrize("name", ["e", "escape", "forceescape", "safe"])
@pytest.mark.parametrize("form", ["md", "txt"])
def test_escaping_is_not_the_template_s_business(workshop: Workshop, name: str, form: str) -> None:
    """Who writes |e or |safe out of habit changes nothing: neither twice escaped nor not at all."""
    value = "[Müller & Söhne](https://x.example) **<b>**"
    workshop.message(f"{{{{ contact.company|{name} }}}}", name=f"message.de.{form}")
    content = workshop.render(company=value)
    assert content.text == f"{value}\n"
    assert form == "txt" or ">[Müller &amp; Söhne](https://x.example) **&lt;b&gt;**</p>" in content.html


@pytest.mark.parametrize(
    "body",
    ["{% for x in changes %}" * 25 + "{% endfor %}" * 25, "{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}"],
)
def test_a_template_that_is_too_deep(workshop: Workshop, body: str) -> None:
    """What Python itself cannot read any more is an error like every other."""
    assert workshop.message(body).refused().message.startswith(f"{MESSAGE}: ")


def test_a_number_beyond_all_bounds(workshop: Workshop) -> None:
    """Python refuses to read it, and so do we."""
    assert workshop.message(f"{{{{ {'1' * 5000} }}}}").refused().message.startswith(f"{MESSAGE}: ")


@pytest.mark.parametrize(
    ("body", "files", "where", "words"),
    [
        ("a\n{% include 'fehlt.md' %}", {}, "message.de.md:4", "fehlt.md is not in the template's folder"),
        ("a\n{% include '../notify.toml' %}", {}, "message.de.md:4", "../notify.toml is not in"),
        ("{% include '/etc/hostname' %}", {}, "message.de.md:3", "/etc/hostname is not in"),
        ("{% include 'link.md' %}", {}, "message.de.md:3", "link.md is not in"),
        ("{% include 'circle.md' %}", {}, "message.de.md:3", "circle.md is not in"),
        ("{% include 'folder' %}", {}, "message.de.md:3", "folder is not in"),
        ("{% include 'a\0' %}", {}, "message.de.md:3", "is not in"),
        ("{% include '" + "a" * 300 + "' %}", {}, "message.de.md:3", "is not in"),
        ("a\n\n{% include row.Datei %}", {}, "message.de.md:5", "not computed"),
        ("{% include 'a' ~ '.md' %}", {}, "message.de.md:3", "not computed"),
        ("{% include ['a.md', row.Datei] %}", {"a.md": "x"}, "message.de.md:3", "not computed"),
        ("{% extends row.Datei %}", {}, "message.de.md:3", "not computed"),
        ("{% import 'fehlt.md' as m %}", {}, "message.de.md:3", "fehlt.md is not in"),
        ("{% include 'a.md' %}", {"a.md": "x\n\n{{ foo }}"}, "a.md:3", '"foo" is not defined'),
        ("{% include 'a.md' %}", {"a.md": "x\n{% if x"}, "a.md:2", "unexpected end of template"),
        ("{% include 'a.md' %}", {"a.md": "x\n{{ salutation|foo }}"}, "a.md:2", 'no filter "foo"'),
        ("{% include 'a.md' %}", {"a.md": "x\n{{ 1/0 }}"}, "a.md:2", "division by zero"),
        ("{% include 'fuss' %}", {"fuss": "x\n\n{{ 1/0 }}"}, "fuss:3", "division by zero"),
        ("{% include 'a.md' %}", {"a.md": "\n{{ row.Ort }}"}, "a.md:2", "there is no column 'Ort'"),
        ("{% include 'a.md' %}", {"a.md": "\n![x](//x.example/y.png)"}, "a.md:2", "an image"),
        ("{% include 'a.md' %}", {"a.md": "\n![x](y.png)"}, "a.md:2", "there is no picture y.png"),
        ("{% include 'a.md' %}", {"a.md": "\n[x]({{ row.Link }})"}, "a.md:2", 'a link leads to "file:///x"'),
        ("{% include 'a.md' %}", {"a.md": "x\n{% include 'a.md' %}"}, "a.md:2", "a.md includes itself"),
        (
            "{% include 'a.md' %}",
            {"a.md": "{% include 'b.md' %}", "b.md": "\n\n{% include 'a.md' %}"},
            "b.md:3",
            "a.md includes itself",
        ),
        ("{% include 'message.de.md' %}", {}, "message.de.md:3", "message.de.md includes itself"),
        ("{% include 'a.md' %}", {"a.md": b"gr\xfc\xdfe"}, "a.md:1", "not UTF-8"),
        ("{% include 'a.md' %}", {"a.md": b"\xef\xbb\xbfa\n\n\xfc"}, "a.md:3", "not UTF-8"),
    ],
)
def test_includes(workshop: Workshop, body: str, files: dict[str, str | bytes], where: str, words: str) -> None:
    """Only a file of the template's folder, by its name; and an error in it has its own name and line."""
    (workshop.root / "notify.toml").write_text("secret")
    (workshop.folder / "link.md").symlink_to(workshop.root / "notify.toml")
    (workshop.folder / "circle.md").symlink_to("circle.md")
    (workshop.folder / "folder").mkdir()
    for name, text in files.items():
        workshop.write(name, text)
    error = workshop.message(body).refused({"Datei": "a.md", "Link": "file:///x"})
    assert error.message.startswith(f"{SHOWN}/{where}: ")
    assert words in error.message


@pytest.mark.parametrize(
    ("layout", "line", "words"),
    [
        ("<html><body>Ohne Inhalt</body></html>", ":1", "no place for the message"),
        ("<p>\n{{ bdy }}</p>", ":2", '"bdy" is not defined'),
        ("\n\n{{ body }}{{ 1/0 }}", ":3", "division by zero"),
        ("{{ body }}\n{{ contact.nme }}", ":2", '"contact.nme" is not defined'),
        ("{% if contact.name %}{{ body }}{% endif %}", "", "leaves the message out"),
        ("<img src='https://x.example/p.gif'>{{ body }}", ":1", "loads something"),
        ("\n<IMG SRC = //x.example/p.gif>{{ body }}", ":2", "loads something"),
        ('\n<img src="{{ row.Logo }}">{{ body }}', ":2", "loads something"),
        ("<style>\np { background: url( 'http://x.example/p.gif') }</style>{{ body }}", ":2", "loads something"),
        ("<link rel=stylesheet href=/style.css>{{ body }}", ":1", "loads something"),
        ("<style>@import 'x.css';</style>{{ body }}", ":1", "loads something"),
        ("\n<a href='{{ row.Link }}'>x</a>{{ body }}", ":2", 'a link leads to "data:x"'),
        ("<a href={{ row.Link }}>x</a>{{ body }}", "", "without quotation marks"),
        ("<p {{ row.Link }}>{{ body }}</p>", "", "without quotation marks"),
    ],
)
def test_the_layout(workshop: Workshop, layout: str, line: str, words: str) -> None:
    """It needs a place for the message, may load nothing, and is checked like everything else."""
    workshop.message("Text").write("layout.html", layout)
    error = workshop.refused({"Link": "data:x", "Logo": "https://x.example/p.gif"})
    assert error.message.startswith(f"{SHOWN}/layout.html{line}: ")
    assert words in error.message


@pytest.mark.parametrize(
    ("header", "value", "words"),
    [
        ("{{ contact.email }}", "anna@@example.com", 'Reply-To "anna@@example.com" is not an address'),
        ("{{ contact.email }}", "", 'Reply-To "" is not an address'),
        ("{{ contact.email }}", "jörg@example.com", "would need SMTPUTF8 at every recipient"),
        ("{{ contact.email }}", "a@example.com\nBcc: b@example.com", "is not an address"),
        ("{{ contact.email }}, b@example.com", "a@example.com", "is not an address"),
    ],
)
def test_reply_to_is_one_address(workshop: Workshop, header: str, value: str, words: str) -> None:
    """Reply-To may depend on the contact, and then its line and the contact's are told."""
    workshop.message("Text", headers=f"Subject: x\nReply-To: {header}\n")
    error = workshop.refused(email=value)
    assert error.message.startswith(f"{MESSAGE}:2: ")
    assert words in error.message
    assert error.message.endswith(f" (for the contact at {WHO}).")


@pytest.mark.parametrize(
    "value", ["fehlt.pdf", "../../geheim.txt", "/etc/hostname", "link.pdf", "circle.pdf", "", ".", "a" * 300, "a\0b"]
)
def test_attachments_that_are_not_there(workshop: Workshop, value: str) -> None:
    """An attachment is a file below the template's or the campaign's folder, and no link leads out of them."""
    outside = workshop.root.parent / "outside.pdf"
    outside.write_bytes(b"%PDF")
    (workshop.root.parent / "geheim.txt").write_bytes(b"x")
    (workshop.folder / "link.pdf").symlink_to(outside)
    (workshop.folder / "circle.pdf").symlink_to("circle.pdf")
    error = workshop.message("Text", headers=f"Subject: x\nAttachment: {value}\n").refused()
    assert error.message.startswith(f"{MESSAGE}:2: there is no attachment")
    assert "folder" in error.hint


@pytest.mark.parametrize(
    ("files", "where", "words"),
    [
        ({}, "", "no message in this template"),
        ({"notiz.md": "x"}, "", "no message in this template"),
        ({"message.md": "Subject: x\n\n"}, "/message.md", "says its language and form"),
        ({"message.xx.md": "Subject: x\n\n"}, "/message.xx.md", "says its language and form"),
        ({"message.de.md": "Subject: x\n\n", "message.de.txt": "Subject: x\n\n"}, "/message.de.txt", "message.de.md"),
        ({"message.de.md": b"Subject: Gr\xfc\xdfe\n\n"}, "/message.de.md:1", "not UTF-8"),
        ({"message.de.md": b"\xef\xbb\xbfSubject: x\r\rText\r\xfc"}, "/message.de.md:4", "not UTF-8"),
        ({"message.de.md/x": b""}, "/message.de.md", "cannot be read"),
        ({"message.de.md": "Subject: x\n\n", "layout.html": b"\n\xfc{{ body }}"}, "/layout.html:2", "not UTF-8"),
    ],
)
def test_the_folder(workshop: Workshop, files: dict[str, str | bytes], where: str, words: str) -> None:
    """One message for each language, by its name, in UTF-8."""
    for name, text in files.items():
        workshop.write(name, text)
    error = workshop.refused()
    assert error.message.startswith(f"{SHOWN}{where}: ")
    assert words in error.message


def test_no_template(tmp_path: Path) -> None:
    """A template that is not there is named as the user named it."""
    with pytest.raises(InputError) as caught:
        Template(tmp_path / "fehlt", "fehlt", Campaign("x", SENDER), tmp_path, lambda _: "")
    assert caught.value.message == "fehlt: there is no such template."
    assert "--template" in caught.value.hint


def test_a_template_of_one_file(workshop: Workshop) -> None:
    """What is beside it is still named rightly."""
    workshop.message("{% include 'a.md' %}").write("a.md", "\n{{ 1/0 }}")
    with pytest.raises(InputError, match=rf"{SHOWN}/a\.md:2: division"):
        workshop.open("message.de.md").render("de", "x", {}, WHO)
    workshop.write("layout.html", "{{ bdy }}")
    with pytest.raises(InputError, match=rf"{SHOWN}/layout\.html:1: "):
        workshop.open("message.de.md")


def test_the_right_line_of_a_name_that_a_loop_uses_too(workshop: Workshop) -> None:
    """Inside of its loop a name is known; the line told is that on which it is not."""
    body = "{% for change in changes %}\n{{ change.label }}\n{% endfor %}\n\n{{ change.label }}\n"
    assert f'{MESSAGE}:7: "change" is not defined' in workshop.message(body).refused().message


@pytest.mark.parametrize(
    "body",
    [
        "{% if contact.company %}{% set who = 'Firma' %}{% else %}{% set who = 'Sie' %}{% endif %}{{ who }}",
        "{% if contact.company %}{% set who %}Firma{% endset %}{% endif %}{{ who|default('Sie') }}",
        "{% macro greet(who) %}{{ who }}{% endmacro %}{{ greet('Sie') }}",
        "{% with who = 'Sie' %}{{ who }}{% endwith %}",
        "{% for who in ['Sie'] %}{{ who }}{% endfor %}",
        "{% set box = namespace(who='x') %}{% set box.who = 'Sie' %}{{ box.who }}",
    ],
)
def test_a_template_may_have_variables_of_its_own(workshop: Workshop, body: str) -> None:
    """Also one that is set in the branches of an if."""
    assert workshop.message(body).render().text == "Sie\n"
