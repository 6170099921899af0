"""A building permit with an annex in a file of its own, as the service makes them: the permit names the annex by its hash."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache

from chauban.adapters.forms import FolderForms
from chauban.documents.rendering import WeasyPrintRenderer
from chauban.dossiers.documents import DocumentKind, StoredFile
from chauban.dossiers.numbering import IssuedNumber
from chauban.dossiers.parties import Party, Scheme
from chauban.dossiers.specimen import print_request, specimen, specimen_filing
from chauban.forms.checking.samples import samples_of
from chauban.signing.seals.steps import annex_words

from tests.unit.documents.material import AGENCY, AT, FORMS
from tests.unit.signing.world import KeyOwner, World

SLUG, VERSION = "cap-giay-phep-xay-dung-nha-o-rieng-le", "1.1"
FOLDER = FORMS / SLUG / VERSION
OWNER = Party(scheme=Scheme.PERSONAL_NUMBER, identifier="046075000815", name="Phan Hữu Đạt")


@dataclass(frozen=True)
class Permit:
    """The files that nobody has signed."""

    annex: bytes
    result: bytes


@lru_cache
def permit(sample: str = "samples/three-floors.json") -> Permit:
    """The permit of a sample that has an annex."""
    library = FolderForms(FORMS)
    form = library.version(SLUG, VERSION)
    given = next(one for one in samples_of(FOLDER) if one.file == sample)
    filing = specimen_filing(form, form.head.procedures[0].code, AGENCY, OWNER, given.answers, AT)
    dossier = specimen(filing, form, given.decision)
    renderer = WeasyPrintRenderer()
    annex = renderer.render(print_request(dossier, form, AGENCY, library, DocumentKind.ANNEX)).pdf
    file = StoredFile(bucket="work", key="annex", sha256=hashlib.sha256(annex).hexdigest(), size=len(annex))
    (drafted,) = (one for one in dossier.documents if one.annex_of)
    dossier = dossier.with_document(drafted.model_copy(update={"current": file}))
    return Permit(annex, renderer.render(print_request(dossier, form, AGENCY, library, DocumentKind.RESULT)).pdf)


def signed_annex(world: World, annex: bytes, owner: KeyOwner, number: IssuedNumber, *said: str) -> bytes:
    """The annex with the organisation's signature for a number; `said` are other words than the service's."""
    day = f"ngày {number.day.day:02d} tháng {number.day.month} năm {number.day.year}"
    prepared = world.prepared(
        annex,
        owner,
        field="annex",
        fill={"number": number.display, "date": day},
        words=said or annex_words(number, world.now()),
        validation=world.material(annex, owner),
    )
    return world.completed(prepared, owner)
