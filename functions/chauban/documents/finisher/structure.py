"""The structure tree: each field's widget is the content of a Form element (ISO 14289-1, 7.18.4), each figure has words."""

import pydyf

from chauban.errors import RenderingError


def refuse_pictures_without_words(pdf: pydyf.PDF) -> None:
    """Raise RenderingError for a figure without alternative text (ISO 14289-1, 7.3)."""
    for item in pdf.objects:
        if isinstance(item, dict) and item.get("S") == "/Figure" and "Alt" not in item:
            raise RenderingError(reason="a picture has no alternative text")


class FieldStructure:
    """Turns WeasyPrint's BlockQuote structure elements, one after the other, into the Form elements of the fields.

    They are in document order, as the fields are, so that a screen reader meets a field where a reader sees it.
    """

    def __init__(self, pdf: pydyf.PDF, *, fields: int) -> None:
        elements: list[pydyf.Dictionary] = [
            item for item in pdf.objects if isinstance(item, dict) and item.get("S") == "/BlockQuote"
        ]
        if len(elements) != fields:
            raise RenderingError(reason="a field is exactly one empty blockquote element with an id of its own")
        self._elements = iter(elements)
        self._root = pdf.objects[int(pdf.catalog["StructTreeRoot"].split()[0])]
        self._parents = pdf.objects[int(self._root["ParentTree"].split()[0])]["Nums"]

    def add(self, widget: pydyf.Dictionary, page: pydyf.Dictionary) -> None:
        """Make `widget` (already an object of the file) the content of the next field's element."""
        element = next(self._elements)
        if element["Pg"] != page.reference or element["K"]:
            raise RenderingError(reason="a field is exactly one empty blockquote element with an id of its own")
        element["S"] = "/Form"
        # The reference itself, not an array of one: pyHanko's comparison of revisions knows only this shape.
        element["K"] = pydyf.Dictionary({"Type": "/OBJR", "Obj": widget.reference, "Pg": page.reference})
        key = max(self._parents[::2], default=-1) + 1
        self._parents.extend([key, element.reference])
        widget["StructParent"] = key
        self._root["ParentTreeNextKey"] = key + 1
