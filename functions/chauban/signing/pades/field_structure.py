"""The place of a new signature field in a tagged file's structure tree: a Form element whose content is the field's widget (ISO
14289-1, 7.18.4), written and judged here.

The element hangs at the root of the tree, so that of what is there only the root and its parent tree change, and only by growing.
"""

from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import DEFAULT_DIFF_POLICY, ModificationLevel, StandardDiffPolicy
from pyhanko.sign.diff_analysis.rules_api import QualifiedWhitelistRule, ReferenceUpdate

_ROOT, _TREE, _NEXT = "/StructTreeRoot", "/ParentTree", "/ParentTreeNextKey"
_CLAIM = b"http://www.aiim.org/pdfua/ns/id/"


def add_to_structure(
    writer: IncrementalPdfFileWriter, field: generic.IndirectObject, page: generic.IndirectObject
) -> None:
    """Give a new field's widget its Form element, in a file that says that it is PDF/UA; others are left as they are, for there are
    validators that take every change of a structure tree for a change of the document."""
    if _ROOT not in writer.root or not _claims_accessibility(writer):
        return
    root = writer.root[_ROOT]
    tree = member(root, _TREE)
    if not isinstance(tree, generic.DictionaryObject):
        return
    content = generic.DictionaryObject(
        {pdf_name("/Type"): pdf_name("/OBJR"), pdf_name("/Obj"): field, pdf_name("/Pg"): page}
    )
    element = writer.add_object(
        generic.DictionaryObject(
            {
                pdf_name("/Type"): pdf_name("/StructElem"),
                pdf_name("/S"): pdf_name("/Form"),
                pdf_name("/P"): writer.root.raw_get(_ROOT),
                pdf_name("/Pg"): page,
                pdf_name("/K"): content,
            }
        )
    )
    key = max([int(member(root, _NEXT) or 0), *(each + 1 for each in _keys(tree))])
    root[pdf_name("/K")] = generic.ArrayObject([*_items(root, "/K"), element])
    root[pdf_name(_NEXT)] = generic.NumberObject(key + 1)
    writer.update_container(root)
    _add_leaf(writer, tree, key, element)
    widget = field.get_object()
    widget[pdf_name("/StructParent")] = generic.NumberObject(key)


def _claims_accessibility(writer: IncrementalPdfFileWriter) -> bool:
    metadata = member(writer.root, "/Metadata")
    return isinstance(metadata, generic.StreamObject) and _CLAIM in metadata.data


def _add_leaf(
    writer: IncrementalPdfFileWriter, tree: generic.DictionaryObject, key: int, element: generic.IndirectObject
) -> None:
    pair = [generic.NumberObject(key), element]
    if "/Kids" in tree:
        limits = generic.ArrayObject([generic.NumberObject(key), generic.NumberObject(key)])
        leaf = generic.DictionaryObject({pdf_name("/Nums"): generic.ArrayObject(pair), pdf_name("/Limits"): limits})
        tree[pdf_name("/Kids")] = generic.ArrayObject([*_items(tree, "/Kids"), writer.add_object(leaf)])
    else:
        tree[pdf_name("/Nums")] = generic.ArrayObject([*_items(tree, "/Nums"), *pair])
    writer.update_container(tree)


def _keys(node: generic.DictionaryObject, depth: int = 0) -> Iterator[int]:
    if depth > 32:
        return
    nums = member(node, "/Nums") or ()
    yield from (int(nums[place]) for place in range(0, len(nums), 2))
    kids = member(node, "/Kids") or ()
    for place in range(len(kids)):
        yield from _keys(kids[place], depth + 1)


def member(holder: generic.DictionaryObject, name: str) -> Any:
    """What a member is, wherever it stands (`get` would give a reference); None where there is none."""
    try:
        return holder[name]
    except KeyError:
        return None


def _items(holder: generic.DictionaryObject, name: str) -> list[generic.PdfObject]:
    """What a member lists, unresolved; one thing for a list of one."""
    if name not in holder:
        return []
    found = holder[name]
    if isinstance(found, generic.ArrayObject):
        return [found.raw_get(place) for place in range(len(found))]
    return [holder.raw_get(name)]


class _GrownStructure(QualifiedWhitelistRule):
    """A structure tree that has grown by the Form elements of new signature fields, and by nothing else."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        if _ROOT not in old.root or _ROOT not in new.root:
            return
        before, after = old.root[_ROOT], new.root[_ROOT]
        added = _added(before, after, "/K")
        if not added or not _same_but(before, after, {"/K", _TREE, _NEXT}):
            return
        trees = member(before, _TREE), member(after, _TREE)
        if not all(isinstance(each, generic.DictionaryObject) for each in trees) or not _same_but(
            *trees, {"/Nums", "/Kids"}
        ):
            return
        leaves = _leaves(old, *trees)
        if leaves is None or not all(_is_form_of_new_field(old, each, leaves) for each in added):
            return
        touched = [new.root.raw_get(_ROOT), after.raw_get("/K"), after.raw_get(_TREE), *added]
        touched += [trees[1].raw_get(name) for name in ("/Nums", "/Kids") if name in trees[1]]
        touched += _added(trees[0], trees[1], "/Kids") or []
        for each in touched:
            if isinstance(each, generic.IndirectObject):
                yield ModificationLevel.FORM_FILLING, ReferenceUpdate(each.reference)


def _leaves(
    old: HistoricalResolver, before: generic.DictionaryObject, after: generic.DictionaryObject
) -> dict[bytes, int] | None:
    """What was added to a parent tree: its elements with their keys, which were in use by nothing; None for another change."""
    pairs = _added(before, after, "/Nums")
    kids = _added(before, after, "/Kids")
    if pairs is None or kids is None:
        return None
    for kid in kids:
        if not isinstance(kid, generic.IndirectObject) or not old.is_ref_unassignable(kid.reference):
            return None
        leaf = kid.get_object()
        if set(leaf) != {"/Nums", "/Limits"}:
            return None
        pairs = [*pairs, *_items(leaf, "/Nums")]
    used = set(_keys(before))
    found = {_written(pairs[place + 1]): int(pairs[place]) for place in range(0, len(pairs) - 1, 2)}
    return None if used & set(found.values()) or len(found) * 2 != len(pairs) else found


def _is_form_of_new_field(old: HistoricalResolver, element: Any, leaves: dict[bytes, int]) -> bool:
    """Whether a new element is a Form with one content, the widget of a signature field that was not there before."""
    if not isinstance(element, generic.IndirectObject) or not old.is_ref_unassignable(element.reference):
        return False
    described = element.get_object()
    if set(described) - {"/Type", "/S", "/P", "/Pg", "/K"} or member(described, "/S") != "/Form":
        return False
    content = member(described, "/K")
    if not isinstance(content, generic.DictionaryObject) or member(content, "/Type") != "/OBJR":
        return False
    widget = content.raw_get("/Obj")
    if not isinstance(widget, generic.IndirectObject) or not old.is_ref_unassignable(widget.reference):
        return False
    field = widget.get_object()
    return bool(member(field, "/FT") == "/Sig" and member(field, "/StructParent") == leaves.get(_written(element)))


def _added(before: generic.DictionaryObject, after: generic.DictionaryObject, name: str) -> list[Any] | None:
    """What a list has more at its end; None where it is not what it was up to there."""
    kept, found = _items(before, name), _items(after, name)
    if [_written(each) for each in kept] != [_written(each) for each in found[: len(kept)]]:
        return None
    return found[len(kept) :]


def _same_but(before: generic.DictionaryObject, after: generic.DictionaryObject, names: set[str]) -> bool:
    kept, found = set(before) - names, set(after) - names
    return kept == found and all(_written(before.raw_get(name)) == _written(after.raw_get(name)) for name in kept)


def _written(value: generic.PdfObject) -> bytes:
    stream = BytesIO()
    value.write_to_stream(stream, None)
    return stream.getvalue()


LATER_REVISIONS = StandardDiffPolicy(
    global_rules=[*DEFAULT_DIFF_POLICY.global_rules, _GrownStructure()], form_rule=DEFAULT_DIFF_POLICY.form_rule
)
"""What may follow a signature: what pyHanko allows, and the structure of a new signature field."""
