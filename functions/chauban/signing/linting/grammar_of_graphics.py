"""The shapes of what pages draw with: fonts, pictures, forms, colours (ISO 32000-1, 8 and 9)."""

from collections.abc import Mapping

from chauban.signing.linting.contents_of_streams import character_map, colour_profile, picture
from chauban.signing.linting.rules import (
    Rule,
    Walk,
    any_name,
    boolean,
    box,
    each,
    either,
    holds,
    integer,
    is_number,
    is_plain,
    name,
    named,
    number,
    of,
    plain,
    string,
    to,
)
from chauban.signing.linting.values import Name, Stream, Value, entries_of

_NOTHING = of(lambda value: value == {})

_COLOUR = either((Name, name("DeviceRGB", "DeviceGray", "DeviceCMYK")), (list, lambda w, v, p: _colour_space(w, v, p)))
_ALPHA = holds({"Type": name("ExtGState"), "ca": number, "CA": number})
_FORM = {
    "Type": name("XObject"),
    "Subtype": name("Form"),
    "BBox": box,
    "Matrix": of(lambda value: isinstance(value, list) and len(value) == 6 and all(is_number(part) for part in value)),
    "Resources": to("resources"),
    "Group": holds(
        {"Type": name("Group"), "S": name("Transparency"), "CS": name("DeviceRGB"), "I": boolean}, needs=("S",)
    ),
}
_IMAGE = {
    "Type": name("XObject"),
    "Subtype": name("Image"),
    "Width": integer,
    "Height": integer,
    "ColorSpace": _COLOUR,
    "BitsPerComponent": integer,
    "Interpolate": boolean,
    "SMask": to("external object"),
    "Length": integer,
    "Filter": name("FlateDecode", "DCTDecode"),
    "DecodeParms": holds({"Predictor": integer, "Colors": integer, "Columns": integer, "BitsPerComponent": integer}),
}
_DESCRIPTOR = {
    **dict.fromkeys(("Ascent", "Descent", "CapHeight", "StemV", "StemH", "ItalicAngle"), number),
    "Type": name("FontDescriptor"),
    "FontName": any_name,
    "FontFamily": string,
    "Flags": integer,
    "FontBBox": box,
    "FontFile2": to("font file"),
}
_CID_FONT = {
    "Type": name("Font"),
    "Subtype": name("CIDFontType2"),
    "BaseFont": any_name,
    "CIDToGIDMap": name("Identity"),
    "CIDSystemInfo": holds({"Registry": string, "Ordering": string, "Supplement": integer}),
    "W": plain,
    "DW": number,
    "FontDescriptor": to("font descriptor"),
}


def _colour_space(walk: Walk, value: Value, place: str) -> None:
    if value[:1] == ["ICCBased"] and len(value) == 2:
        walk.follow(value[1], "colour profile", place)
    elif (
        value[:1] != ["Lab"] or len(value) != 2 or not isinstance(value[1], dict) or not is_plain([*value[1].values()])
    ):
        walk.find("unexpected-entry", place)


def _colour_spaces(walk: Walk, value: Value, place: str) -> None:
    """No default ones: they would give every colour of a page another meaning (ISO 32000-1, 8.6.5.6)."""
    named(_COLOUR)(walk, value, place)
    if any(key.startswith("Default") for key in entries_of(value)):
        walk.find("unexpected-entry", place)


def _font(walk: Walk, value: Value, place: str) -> None:
    entries = entries_of(value)
    if entries.get("Subtype") != "Type0" or entries.get("Encoding") != "Identity-H":
        walk.find("font-not-embedded", place)
        return
    rules = {
        "Type": name("Font"),
        "Subtype": any_name,
        "BaseFont": any_name,
        "Encoding": any_name,
        "DescendantFonts": each(to("descendant font")),
        "ToUnicode": to("character map"),
    }
    holds(rules, needs=("DescendantFonts", "ToUnicode"))(walk, value, place)


def _descriptor(walk: Walk, value: Value, place: str) -> None:
    if "FontFile2" not in entries_of(value):
        walk.find("font-not-embedded", place)
    holds(_DESCRIPTOR)(walk, value, place)


def _external_object(walk: Walk, value: Value, place: str) -> None:
    if not isinstance(value, Stream):
        walk.find("unexpected-entry", place)
    elif value.entries.get("Subtype") == "Image":
        picture(walk, value, _IMAGE, place)
    else:
        holds(_FORM, needs=("Subtype", "BBox"), stream=True)(walk, value, place)


_RESOURCES = {
    "ColorSpace": to("colour spaces"),
    "Pattern": _NOTHING,
    "Shading": _NOTHING,
    "ExtGState": named(_ALPHA),
    "Font": to("fonts"),
    "XObject": named(to("external object")),
}

SHOWN: Mapping[str, Rule] = {
    "resources": holds(_RESOURCES),
    "fonts": named(to("font")),
    "font": _font,
    "descendant font": holds(_CID_FONT, needs=("Subtype", "CIDToGIDMap", "FontDescriptor")),
    "font descriptor": _descriptor,
    "font file": holds({"Length1": integer}, stream=True),
    "character map": character_map,
    "colour spaces": _colour_spaces,
    "colour profile": colour_profile,
    "external object": _external_object,
}
