"""The firm's mark on top of a message, in the place of its name."""

from __future__ import annotations

import hashlib
import re

import pytest

from tests.images import png
from tests.unit.rendering.workshop import BARE, SHOWN, Workshop


@pytest.fixture
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    """Return a template whose campaign has a logo."""
    workshop = Workshop(tmp_path_factory.mktemp("logo")).message("Text")
    workshop.logo = "logo.png"
    return workshop


@pytest.mark.parametrize(
    ("drawn", "shown"),
    [
        ((40, 20), (40, 20)),
        ((240, 80), (240, 80)),
        ((480, 100), (240, 50)),
        ((1000, 1000), (80, 80)),
        ((5000, 1), (240, 1)),
        ((1, 5000), (1, 80)),
    ],
)
def test_its_size(workshop: Workshop, drawn: tuple[int, int], shown: tuple[int, int]) -> None:
    """As it was drawn, but never larger than its place; with the sender's name for whoever sees no pictures."""
    content = workshop.write("logo.png", png(*drawn)).render()
    (picture,) = content.pictures
    assert picture.octets == png(*drawn)
    (tag,) = re.findall(r"<img[^>]*>", content.html)
    size = re.search(r'width="(\d+)" height="(\d+)"', tag)
    assert size is not None
    assert (int(size[1]), int(size[2])) == shown
    assert f'src="cid:{picture.content_id}"' in tag
    assert 'alt="Muster PR"' in tag
    assert "max-width:100%" in tag
    assert content.html.count("Muster PR") == 1
    assert "Muster PR" not in content.text


def test_without_one_the_name_stands_there(workshop: Workshop) -> None:
    """No picture travels then."""
    workshop.logo = ""
    content = workshop.render()
    assert (content.pictures, content.html.count("Muster PR"), "<img" in content.html) == ((), 1, False)


def test_it_may_lie_in_the_campaign_folder(workshop: Workshop) -> None:
    """It is named as everything in notify.toml is: as seen from there."""
    (workshop.root / "logo.png").write_bytes(png(4, 4))
    assert workshop.render().pictures[0].octets == png(4, 4)


def test_another_one_is_another_message(workshop: Workshop) -> None:
    """It counts among the parts of the template, by its digest."""
    parts = workshop.write("logo.png", png(4, 4)).open().parts
    assert parts[f"{SHOWN}: picture logo.png"] == hashlib.sha256(png(4, 4)).hexdigest()
    assert workshop.write("logo.png", png(4, 5)).open().parts != parts


def test_a_layout_of_its_own_names_it_itself(workshop: Workshop) -> None:
    """What stands there is the layout's business; the setting is for ours."""
    content = workshop.write("layout.html", f"<body>{BARE}</body>").render()
    assert content.pictures == ()


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (None, "[sender] logo: there is no picture logo.png"),
        (b"<svg/>", "[sender] logo: the picture logo.png is SVG, which many mail programs do not show"),
    ],
)
def test_what_cannot_be_shown(workshop: Workshop, file: bytes | None, words: str) -> None:
    """The setting is named, and the mend."""
    if file is not None:
        workshop.write("logo.png", file)
    error = workshop.refused()
    assert str(error).startswith(words)
    assert error.hint


@pytest.mark.parametrize("name", ["https://muster.example/logo.png", "//muster.example/logo.png", "../logo.png"])
def test_nothing_is_loaded_from_elsewhere(workshop: Workshop, name: str) -> None:
    """Neither from a server nor from outside of the folder."""
    (workshop.root.parent / "logo.png").write_bytes(png(4, 4))
    workshop.logo = name
    assert str(workshop.refused()).startswith("[sender] logo: ")
