"""veraPDF as `chauban forms verapdf` fetches it: it approves what conforms and names what a spoilt file breaks."""

from io import BytesIO

import pikepdf
import pytest
from chauban.dossiers.documents import DocumentKind
from chauban.forms.checking.verapdf import VeraPdf
from chauban.forms.checking.verapdf_installing import install

from tests.conformance.conftest import require
from tests.conformance.judge import missing_programs
from tests.unit.documents.material import SLUGS, document, first_sample


@pytest.mark.java
def test_the_fetched_program_judges_as_the_library_does() -> None:
    require(missing_programs())
    install()
    judge = VeraPdf.found(None)
    assert judge
    good = document(first_sample(SLUGS[0]), DocumentKind.RESULT).pdf
    spoilt = BytesIO()
    with pikepdf.open(BytesIO(good)) as file:
        del file.Root.MarkInfo
        file.save(spoilt)
    broken = judge({"result.html good": good, "result.html spoilt": spoilt.getvalue()})
    assert set(broken) == {"result.html spoilt"}
    assert any(rule.startswith("3a ") for rule in broken["result.html spoilt"])
    assert any(rule.startswith("ua1 ") for rule in broken["result.html spoilt"])
