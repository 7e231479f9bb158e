"""Pictures inside of messages: local ones travel along, everything else is an error with its place and the mend."""

from __future__ import annotations

import hashlib
import html
import re

import pytest

from notify.rendering.image import ImageError, image_of
from tests.images import GIF, JPEG, png
from tests.unit.rendering.workshop import BARE, SHOWN, WHO, Workshop, render

MESSAGE = f"{SHOWN}/message.de.md"
LOGO = png(3, 2)


def content_id(octets: bytes) -> str:
    """Return the Content-ID of a picture: made of what is in it."""
    return f"{hashlib.sha256(octets).hexdigest()[:32]}@alt.example"


@pytest.mark.parametrize(
    ("octets", "expected"),
    [
        (LOGO, ("image/png", 3, 2)),
        (png(2000, 1), ("image/png", 2000, 1)),
        (GIF, ("image/gif", 1, 1)),
        (JPEG, ("image/jpeg", 640, 480)),
    ],
)
def test_pictures_that_every_mail_program_shows(octets: bytes, expected: tuple[str, int, int]) -> None:
    """Kind and size are told by the content."""
    image = image_of(octets)
    assert (image.content_type, image.width, image.height) == expected


@pytest.mark.parametrize(
    ("octets", "words"),
    [
        (b"RIFF\x10\0\0\0WEBPVP8 ", "is WebP"),
        (b"\0\0\0\x1cftypavif", "is AVIF"),
        (b"\0\0\0\x1cftypheic", "is HEIC"),
        (b"BM\x36", "is BMP"),
        (b"II*\0", "is TIFF"),
        (b'<?xml version="1.0"?><svg/>', "is SVG"),
        (b"\n<svg xmlns=''/>", "is SVG"),
        (b"%PDF-1.7", "is PDF"),
        (b"", "is no picture"),
        (b"<html>", "is no picture"),
        (LOGO[:20], "is damaged"),
        (png(0, 1), "is damaged"),
        (JPEG[:12], "is damaged"),
        (b"\xff\xd8\xff\xe1\x00\x04ab--", "is damaged"),
    ],
)
def test_pictures_that_many_do_not_show(octets: bytes, words: str) -> None:
    """What it is instead is said; nothing that is cut off is taken."""
    with pytest.raises(ImageError, match=words):
        image_of(octets)


def test_no_beginning_of_a_picture_is_more_than_an_error() -> None:
    """Cut off anywhere, it is a picture or it is damaged."""
    for whole in (LOGO, GIF, JPEG):
        for end in range(len(whole)):
            try:
                assert image_of(whole[:end]) == image_of(whole)
            except ImageError:
                continue


def test_a_picture_in_the_text(workshop: Workshop) -> None:
    """The HTML names it by its Content-ID, as wide as it is and as the screen; the text has its words."""
    content = workshop.write("logo.png", LOGO).message("![Muster PR](logo.png)\n\nText").render()
    (picture,) = content.pictures
    assert (picture.filename, picture.content_type, picture.octets) == ("logo.png", "image/png", LOGO)
    assert picture.content_id == content_id(LOGO)
    tag = re.findall("<img[^>]*>", content.html)
    assert tag == [
        f'<img src="cid:{content_id(LOGO)}" alt="Muster PR" width="3" style="max-width: 100%; height: auto">'
    ]
    assert content.text == "Muster PR\n\nText\n"
    assert content.attachments == ()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("größe.png", "größe.png"),
        ("größe.png", "gr%C3%B6%C3%9Fe.png"),
        ("mein logo.png", "<mein logo.png>"),
        ("mein logo.png", "mein%20logo.png"),
        ("logo_(neu).png", "logo_(neu).png"),
        ("logo_neu.png", "logo\\_neu.png"),
        ("a&b.png", "a&amp;b.png"),
        ("bilder/logo.png", "bilder\\logo.png"),
        ("bilder/logo.png", "./bilder/logo.png"),
        ("logo.jpg", 'logo.jpg "Titel"'),
    ],
)
@pytest.mark.parametrize("form", ["![x]({})", "![x][1]\n\n[1]: {}", "[![x]({})](https://muster.example)"])
def test_a_picture_is_found_however_it_is_written(workshop: Workshop, name: str, written: str, form: str) -> None:
    """As Markdown allows it, and with the slashes of Windows."""
    content = workshop.write(name, LOGO).message(form.format(written)).render()
    assert [picture.octets for picture in content.pictures] == [LOGO]


def test_a_wide_picture_is_no_wider_than_a_letter(workshop: Workshop) -> None:
    """Outlook would show a photograph as wide as it is."""
    assert 'width="600"' in workshop.write("a.png", png(4000, 1)).message("![x](a.png)").render().html


def test_only_what_is_shown_travels(workshop: Workshop) -> None:
    """Each once, in the branch that is taken; a picture of another one stays at home."""
    body = "{% if contact.company %}![f](firma.png)![f](firma.png){% else %}![p](du.gif){% endif %}"
    template = workshop.write("firma.png", LOGO).write("du.gif", GIF).message(body).open()
    assert [picture.octets for picture in render(template, company="Muster").pictures] == [LOGO]
    assert [picture.octets for picture in render(template).pictures] == [GIF]


def test_no_cell_shows_a_picture(workshop: Workshop) -> None:
    """Neither Markdown nor a Content-ID that stands in a row."""
    body = "{{ row.x }} ![{{ row.x }}](logo.png) "
    cell = f'![x](logo.png) <img src="cid:{content_id(GIF)}"> cid:{content_id(GIF)}'
    workshop.write("logo.png", LOGO).write("a.gif", GIF).message(body + "\n\n{% if row.y %}![x](a.gif){% endif %}")
    content = workshop.render(row={"x": cell, "y": ""})
    assert content.html.count("<img") == 1
    assert [picture.octets for picture in content.pictures] == [LOGO]


@pytest.mark.parametrize(
    "layout",
    [
        '<img src="logo.png">{{ body }}',
        "<img src='logo.png' alt=''>{{ body }}",
        "<img alt='' SRC = logo.png>{{ body }}",
        '<table background="logo.png"><td>{{ body }}</table>',
        "<td style='background: url(\"logo.png\")'>{{ body }}",
        "<td style=\"background: url('logo.png')\">{{ body }}",
        '{% if contact.city == "" %}<img src="logo.png">{% endif %}{{ body }}',
    ],
)
def test_a_picture_in_the_layout(workshop: Workshop, layout: str) -> None:
    """As a tag has it, or CSS; nothing else of the layout is touched."""
    content = workshop.write("logo.png", LOGO).write("layout.html", layout).message("Text").render()
    assert [picture.octets for picture in content.pictures] == [LOGO]
    expected = layout.replace("{{ body }}", "<p>Text</p>\n").replace("logo.png", f"cid:{content_id(LOGO)}")
    assert content.html == re.sub(r"{%.*?%}", "", expected)


@pytest.mark.parametrize("url", ["url(logo.png)", "url( 'logo.png' )", 'url("logo.png")'])
@pytest.mark.parametrize("rule", ["p {{ background: {} }}", "@media (min-width: 1px) {{ p {{ background: {} }} }}"])
def test_a_picture_in_a_rule(workshop: Workshop, rule: str, url: str) -> None:
    """A rule is written into the tags, or kept when it has a condition; one for no tag at all shows nothing."""
    layout = "<style>" + rule.format(url) + "</style>{{ body }}"
    content = workshop.write("logo.png", LOGO).write("layout.html", layout).message("Text").render()
    assert [picture.octets for picture in content.pictures] == [LOGO]
    shown = re.findall(r"url\(\s*[\"']?(.*?)[\"']?\s*\)", html.unescape(content.html))
    assert shown == [f"cid:{content_id(LOGO)}"]
    workshop.write("layout.html", "<style>td { background: url(logo.png) }</style>{{ body }}")
    assert (workshop.render().pictures, "logo" in workshop.render().html) == ((), False)


@pytest.mark.parametrize(
    ("body", "line", "words", "mend"),
    [
        ("a\n\n![x](https://x.example/a.png)", 5, "an image is loaded from elsewhere", "Save it"),
        ("![x](logo.png)\n![x](http://x.example/a.png)", 4, "an image is loaded from elsewhere", "Save it"),
        ("![x](//x.example/a.png)", 3, "an image is loaded from elsewhere", "Save it"),
        ("![x](data:image/png;base64,AAAA)", 3, "is written into the text itself", "Save it"),
        ("![x](cid:a@b.example)", 3, "an image is loaded from elsewhere", "Save it"),
        ("![x](fehlt.png)", 3, "there is no picture fehlt.png.", "folder"),
        ("![x](../../../geheim.png)", 3, "there is no picture", "folder"),
        ("![x](link.png)", 3, "there is no picture", "folder"),
        ("![x](ledger.db)", 3, "ledger.db may not be shown: it belongs", "everybody may read"),
        ("![x](bild.svg)", 3, "the picture bild.svg is SVG, which many mail programs do not show.", "PNG"),
        ("![x](preise.pdf)", 3, "the picture preise.pdf is PDF", "PNG"),
        ("![x]({{ row.Bild }})", 3, "the name of the picture {{ … }} is put together", "out"),
        ("![x](logo{% if true %}.png{% endif %})", 3, "the name of the picture logo.png is put together", "out"),
    ],
)
def test_pictures_that_cannot_be_shown(workshop: Workshop, body: str, line: int, words: str, mend: str) -> None:
    """File and line, what is wrong, and what to do."""
    (workshop.root.parent / "geheim.png").write_bytes(LOGO)
    (workshop.folder / "link.png").symlink_to(workshop.root.parent / "geheim.png")
    workshop.private = {"ledger.db": "it belongs to a ledger"}
    for name, octets in (("logo.png", LOGO), ("bild.svg", b"<svg/>"), ("preise.pdf", b"%PDF"), ("ledger.db", LOGO)):
        workshop.write(name, octets)
    error = workshop.message(body).refused(row={"Bild": "logo.png"})
    assert error.message.startswith(f"{MESSAGE}:{line}: ")
    assert words in error.message
    assert mend in error.hint


@pytest.mark.parametrize(
    ("layout", "words"),
    [
        ('<img src="fehlt.png">', "there is no picture fehlt.png"),
        ('<img src="bild-{{ language }}.png">', "is put together"),
        ("<td style='background: url(file:///etc/x.png)'>", "an image is loaded from elsewhere"),
        ('<script src="x.js"></script>', "there is no picture x.js"),
    ],
)
def test_a_layout_that_shows_what_cannot_be_shown(workshop: Workshop, layout: str, words: str) -> None:
    """With its own file and line."""
    error = workshop.write("layout.html", f"<p>\n\n{layout}{BARE}").message("Text").refused()
    assert error.message.startswith(f"{SHOWN}/layout.html:3: ")
    assert words in error.message


@pytest.mark.parametrize("source", ["data:image/png;base64,AA==", "#oben", "cid:x@x.example", ""])
def test_what_a_layout_does_not_load_is_left_alone(workshop: Workshop, source: str) -> None:
    """It is in the message already, or nowhere."""
    layout = f'<img src="{source}">'
    assert workshop.write("layout.html", layout + BARE).message("x").render().html.startswith(layout)


def test_a_picture_is_a_part_of_the_campaign(workshop: Workshop) -> None:
    """Before anything is rendered: of the text, of what it includes and of the layout; a change of one shows."""
    workshop.message("{% if contact.company %}![x](a.png){% endif %}{% include 'fuss.md' %}")
    workshop.write("fuss.md", "![x](b.png)").write("layout.html", '<img src="c.png">' + BARE)
    for name, octets in (("a.png", LOGO), ("b.png", GIF), ("c.png", JPEG), ("d.png", LOGO)):
        workshop.write(name, octets)
    before = workshop.open().parts
    digests = {
        f"{SHOWN}: picture {name}": octets for name, octets in (("a.png", LOGO), ("b.png", GIF), ("c.png", JPEG))
    }
    assert {name: text for name, text in before.items() if ": picture" in name} == {
        name: hashlib.sha256(octets).hexdigest() for name, octets in digests.items()
    }
    for name in ("a.png", "b.png", "c.png"):
        before = workshop.open().parts
        workshop.write(name, png(5, int.from_bytes(name[:1].encode())))
        assert workshop.open().parts != before


def test_what_was_read_is_what_is_sent(workshop: Workshop) -> None:
    """A picture that is saved anew while messages are made changes none of them."""
    template = workshop.write("logo.png", LOGO).message("![x](logo.png)").open()
    workshop.write("logo.png", GIF)
    assert template.render("de", "", {}, WHO).pictures[0].octets == LOGO
