"""Judging with nothing but what a file holds: which of its answers speak for a moment, and whether a certificate stood
then.

The day on which it is asked plays no part: what a file proves of a moment, it proves years later as well.
"""

import asyncio
from collections.abc import Sequence
from datetime import datetime, timedelta

from asn1crypto import crl, ocsp, x509
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import DocumentSecurityStore
from pyhanko.sign.validation.errors import ValidationInfoReadingError
from pyhanko_certvalidator import CertificateValidator, ValidationContext
from pyhanko_certvalidator.errors import PathBuildingError, ValidationError
from pyhanko_certvalidator.policy_decl import REQUIRE_REVINFO, CertRevTrustPolicy, FreshnessReqType
from pyhanko_certvalidator.revinfo.archival import CRLContainer, OCSPContainer

from chauban.signing.trust.certificates import Usage
from chauban.signing.trust.material import ValidationMaterial

# EN 319 102-1, 5.2.5.4, leaves it to the policy how much older than the moment an answer about revocation may be. Ours is gathered
# before the signature, and a worker that stops in between may go on within the grace: what was current when a signature was
# prepared still speaks for its timestamp. A responder may give its answers a very short or a very long life.
FRESHNESS = timedelta(hours=24)
GRACE = timedelta(hours=6)
# pyHanko has one age for all answers; ours, which looks at each, was applied before.
_ANY_AGE = CertRevTrustPolicy(
    REQUIRE_REVINFO,
    freshness=timedelta(days=36_500),
    freshness_req_type=FreshnessReqType.MAX_DIFF_REVOCATION_VALIDATION,
)


def stored_material(reader: PdfFileReader) -> ValidationMaterial:
    """What the file's document security store holds; empty where there is none."""
    try:
        store = DocumentSecurityStore.read_dss(reader)
    except ValidationInfoReadingError:
        return ValidationMaterial()
    return ValidationMaterial(
        tuple(certificate.dump() for certificate in store.load_certs()),
        tuple(reference.get_object().data for reference in store.ocsps),
        tuple(reference.get_object().data for reference in store.crls),
    )


def offline_context(
    material: ValidationMaterial, roots: Sequence[x509.Certificate], moment: datetime
) -> ValidationContext:
    """For validating as of `moment`: status is required, nothing is fetched, answers that were too old then are left
    out, and later ones count.
    """
    answers = [each for value in material.ocsp_responses for each in _ocsp_answers(value)]
    lists = [CRLContainer(crl.CertificateList.load(value)) for value in material.crls]
    return ValidationContext(
        trust_roots=list(roots),
        other_certs=[x509.Certificate.load(value) for value in material.certificates],
        moment=moment,
        ocsps=[each for each in answers if _speaks_for(moment, each.extract_single_response())],
        crls=[each for each in lists if _speaks_for(moment, each.crl_data["tbs_cert_list"])],
        revinfo_policy=_ANY_AGE,
    )


def stood(
    certificate: bytes, material: ValidationMaterial, anchors: Sequence[bytes], moment: datetime, usage: Usage
) -> bool:
    """Whether the material alone says that the certificate (DER) could be used for `usage` at `moment`."""
    roots = [x509.Certificate.load(anchor) for anchor in anchors]
    validator = CertificateValidator(
        x509.Certificate.load(certificate), validation_context=offline_context(material, roots, moment)
    )
    try:
        asyncio.run(validator.async_validate_usage(set(usage.key), set(usage.extended) or None))
    except (ValidationError, PathBuildingError):
        return False
    return True


def _ocsp_answers(value: bytes) -> list[OCSPContainer]:
    return OCSPContainer.load_multi(ocsp.OCSPResponse.load(value))


def _speaks_for(moment: datetime, answer: ocsp.SingleResponse | crl.TbsCertList | None) -> bool:
    if answer is None:
        return False
    made: datetime = answer["this_update"].native
    ends: datetime | None = answer["next_update"].native
    return moment <= max(made + FRESHNESS, (ends or made) + GRACE)
