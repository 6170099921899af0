"""What a metadata stream says (ISO 16684-1), however it is written: for telling whether a later revision says the same."""

from collections import Counter
from xml.etree import ElementTree

from chauban.signing.linting.findings import Unfit
from chauban.signing.linting.syntax import DEPTH
from chauban.signing.linting.values import Stream, Value

_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_XML = "{http://www.w3.org/XML/1998/namespace}"
# What every writing of a file may change: when, and with which program.
_OF_WRITING = frozenset(
    {
        "{http://ns.adobe.com/xap/1.0/}ModifyDate",
        "{http://ns.adobe.com/xap/1.0/}MetadataDate",
        "{http://ns.adobe.com/pdf/1.3/}Producer",
        "{adobe:ns:meta/}xmptk",
    }
)


def facts(value: Value) -> Counter[tuple[str, str]]:
    """Each property with its text, without those of the writing itself; raises `Unfit`."""
    if not isinstance(value, Stream):
        raise Unfit("malformed-object", "metadata")
    return facts_of(value.data())


def facts_of(content: bytes) -> Counter[tuple[str, str]]:
    """The same of the stream's content."""
    try:
        text = content.decode()
        # No entities: what they stand for could not be seen, and may be without end. No comments, in which nobody looks.
        if "\0" in text or "<!" in text or text.count("<?") != text.count("<?xpacket "):
            raise Unfit("unexpected-entry", "metadata")
        root = ElementTree.fromstring(text)  # noqa: S314
    except (ElementTree.ParseError, UnicodeDecodeError) as error:
        raise Unfit("malformed-object", "metadata") from error
    found: Counter[tuple[str, str]] = Counter()
    _collect(root, "", found, 0)
    return found


def _collect(element: ElementTree.Element, inherited: str, found: Counter[tuple[str, str]], depth: int) -> None:
    if depth > DEPTH:
        raise Unfit("too-large", "metadata")
    name = inherited if element.tag.startswith(_RDF) else element.tag
    for attribute, text in element.attrib.items():
        if attribute == f"{_RDF}resource":
            found[name, text.strip()] += 1
        elif not attribute.startswith((_RDF, _XML)) and attribute not in _OF_WRITING:
            found[attribute, text.strip()] += 1
    if element.text and element.text.strip() and name not in _OF_WRITING:
        found[name, element.text.strip()] += 1
    for child in element:
        _collect(child, name, found, depth + 1)
        if child.tail and child.tail.strip():
            found[name, child.tail.strip()] += 1
