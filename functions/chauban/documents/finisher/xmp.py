"""XMP metadata: the PDF/UA identifier, its PDF/A extension schema and the document's id, inside the one rdf:RDF.

PDF/A-3 (ISO 19005-3, 6.6.2.3) asks that a schema it does not know, such as PDF/UA's, is described in the same packet.
"""

from xml.sax.saxutils import escape

import pydyf

_END = b"</rdf:RDF>"

_PDFUA = """\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file conforms to</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas>
</rdf:Description>
"""

_IDENTITY = """\
<rdf:Description rdf:about="" xmlns:xmpMM="http://ns.adobe.com/xap/1.0/mm/">
<xmpMM:DocumentID>urn:chauban:document:{document_id}</xmpMM:DocumentID>
</rdf:Description>
"""


def complete_metadata(pdf: pydyf.PDF, *, document_id: str) -> None:
    """Add to the metadata stream that WeasyPrint has made; it holds exactly one rdf:RDF."""
    stream = pdf.objects[int(pdf.catalog["Metadata"].split()[0])]
    before, after = b"".join(stream.stream).split(_END)
    added = _PDFUA + _IDENTITY.format(document_id=escape(document_id))
    stream.stream = [before + added.encode() + _END + after]
