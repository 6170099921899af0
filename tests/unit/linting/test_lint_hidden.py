"""Text that nobody sees, and things carried along: each is found, and what each is built with is found for nothing else."""

import pytest
from chauban.signing.linting import Mode, lint
from pikepdf import Dictionary, Name

from tests.unit.linting import smuggling, unseen
from tests.unit.linting.files import Change, plain
from tests.unit.linting.hiding import draw, field_of, form, picture
from tests.unit.linting.smuggling import data, jpeg, metadata, shown_picture
from tests.unit.linting.unseen import font_file, group, state, text, words

CHANGES = {**unseen.ALL, **smuggling.ALL}

HARMLESS: dict[str, Change] = {
    "letters": draw(text()),
    "letters turned": draw(text(at=b"0 1 -1 0 100 20")),
    "letters slanted as italics are": draw(text(at=b"1 0 .2 1 100 20")),
    "letters raised": draw(text(before=b"3 Ts")),
    "a state that lets nothing through": state(text(), ca=1),
    "grey letters that can be read": draw(b".4 g " + text()),
    "black letters that let a little through": state(text(), ca=0.8),
    "white letters on a dark surface": draw(unseen.DARK + text()),
    "letters over a thin line": draw(b"0 G .5 w 90 22 m 200 22 l S " + text()),
    "a rectangle that clips": draw(b"q 90 10 200 40 re W n " + text() + b"Q"),
    "a shape that is clipped by another": draw(b"q 90 10 m 290 10 l 200 50 l W n .9 g 90 10 200 40 re f Q"),
    "a frame": draw(b"0 G .5 w 90 10 200 40 re S " + text()),
    "a group": draw(b"/Fm Do", XObject={"/Fm": group(b"0 g 100 10 20 20 re f")}),
    "a form": draw(b"/Fm Do", XObject={"/Fm": lambda pdf: form(pdf, b"0 g 100 10 20 20 re f")}),
    "the same font, written anew": font_file(lambda *_: None),
    "the same words, in another order": words(lambda old, _: old.replace(b"\nendcmap", b"\n\nendcmap")),
    "metadata with a line more": metadata(lambda old: old + b"\n"),
    "data with a space more": data(lambda old: old + b" "),
    "a picture": shown_picture(b"\xff\xff\xff"),
    "a grey picture": shown_picture(b"\xff", ColorSpace=Name.DeviceGray),
    "a picture in another encoding": draw(b"q 9 0 0 9 100 20 cm /Im Do Q", XObject={"/Im": jpeg}),
    "a picture in a form": draw(
        b"/Fm Do",
        XObject={
            "/Fm": lambda pdf: form(
                pdf,
                b"q 9 0 0 9 200 20 cm /Im Do Q",
                Resources=Dictionary(XObject=Dictionary({"/Im": picture(pdf)})),
            )
        },
    ),
    "the seal moved a little": lambda pdf: field_of(pdf, "seal").__setitem__(
        "/Rect", [float(each) + by for each, by in zip(field_of(pdf, "seal").Rect, (2, 0, 2, 0), strict=True)]
    ),
}


@pytest.mark.parametrize(("change", "code"), CHANGES.values(), ids=CHANGES.keys())
def test_a_change_is_found(result: bytes, change: Change, code: str) -> None:
    assert code in {finding.code for finding in lint(plain(result, change), Mode.FIRST)}


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS.keys())
def test_what_changes_are_built_with_is_clean(result: bytes, change: Change) -> None:
    assert lint(plain(result, change), Mode.FIRST) == []
