"""The catalogue in `catalogue/` loads; what does not fit together is refused before anything is written."""

import json
import shutil
from base64 import b64encode
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from chauban.access.loading import load_catalogue, load_credentials, write_schemas
from chauban.errors import CredentialFixed, CredentialRefused, KeyKindRefused
from chauban.signing.credentials import CertificateFacts, Credential, Purpose, SignerKind
from pydantic import ValidationError

from tests.unit.fakes.catalogue import ROOT, THUAN_HOA, MemoryCatalogue, credential
from tests.unit.fakes.time_and_ids import MORNING

CATALOGUE = ROOT / "catalogue"
YEARS = timedelta(days=20_000)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(CATALOGUE, tmp_path / "danh mục"))


def append(path: Path, text: str) -> None:
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def said(known: Credential) -> CertificateFacts:
    """A certificate of the record's own key that is good for years."""
    return CertificateFacts((), (), MORNING - YEARS, MORNING + YEARS, True, frozenset({known.algorithm}))


def test_the_projects_catalogue_loads() -> None:
    catalogue = MemoryCatalogue()
    count = load_catalogue(CATALOGUE, catalogue)
    kinds = (catalogue.agencies, catalogue.appointments, catalogue.delegations, catalogue.years)
    # With the one policy on algorithms.
    assert count == sum(len(records) for records in kinds) + 1
    assert catalogue.algorithms().hashes[0] == "sha256"
    assert catalogue.agencies["ubnd-phuong-thuan-hoa"].name == "ỦY BAN NHÂN DÂN PHƯỜNG THUẬN HÓA"
    assert set(catalogue.years) >= {2026, 2027}


def test_an_appointment_to_an_unknown_agency_loads_nothing(folder: Path) -> None:
    append(
        folder / "appointments.yaml",
        "- {id: x, person: x, agency: khong-co, role: clerk, name: A, title: B, valid_from: 2025-07-01T00:00:00+07:00}\n",
    )
    catalogue = MemoryCatalogue()
    with pytest.raises(ValueError, match="khong-co"):
        load_catalogue(folder, catalogue)
    assert catalogue.agencies == {}


@pytest.mark.parametrize(
    ("file", "line"),
    [
        ("agencies.yaml", "- {id: x, identifier: H57.99, level: commune}\n"),
        (
            "appointments.yaml",
            "- {id: x, person: x, agency: y, role: king, name: A, title: B, valid_from: 2025-07-01}\n",
        ),
        ("calendar/2026.yaml", "half_days: []\n"),
    ],
)
def test_a_record_with_a_typing_error_is_refused(folder: Path, file: str, line: str) -> None:
    append(folder / file, line)
    with pytest.raises(ValidationError):
        load_catalogue(folder, MemoryCatalogue())


def test_the_committed_schemas_are_those_of_the_code(tmp_path: Path) -> None:
    write_schemas(tmp_path)
    for path in tmp_path.glob("*.schema.json"):
        assert path.read_text(encoding="utf-8") == (CATALOGUE / path.name).read_text(encoding="utf-8")


def test_a_credential_is_loaded_with_its_image_under_its_hash(tmp_path: Path) -> None:
    record = credential("cred-x", "official-thuan-hoa", Purpose.SIGN).model_dump(mode="json", exclude={"appearance"})
    file, kept, catalogue = tmp_path / "credentials.json", {}, MemoryCatalogue()
    file.write_text(json.dumps({"credentials": [{**record, "appearance_png": b64encode(b"png").decode()}]}))
    assert load_credentials(file, catalogue, kept.__setitem__, said) == 1
    place = catalogue.credentials["cred-x"].appearance
    assert kept == {place: b"png"}
    assert place.startswith("appearances/")


def test_a_credential_with_a_private_key_in_it_is_refused(tmp_path: Path) -> None:
    record = credential("cred-x", "official-thuan-hoa", Purpose.SIGN).model_dump(mode="json", exclude={"appearance"})
    file, catalogue = tmp_path / "credentials.json", MemoryCatalogue()
    image = b64encode(b"png").decode()
    file.write_text(json.dumps({"credentials": [{**record, "appearance_png": image, "private_key": "..."}]}))
    with pytest.raises(ValidationError, match="private_key"):
        load_credentials(file, catalogue, lambda *_: None, said)
    assert catalogue.credentials == {}


PROVIDER = {
    "id": "nha-a",
    "kind": "csc",
    "base_url": "https://a.example/v1",
    "api": "v1",
    "grant": "explicit",
    "secret_name": "s",
}


def test_a_credential_that_was_replaced_stays_ended_when_its_file_is_loaded_again(tmp_path: Path) -> None:
    known = credential("cred-x", THUAN_HOA, Purpose.SEAL)
    listed = {**known.model_dump(mode="json", exclude={"appearance"}), "appearance_png": b64encode(b"png").decode()}
    file, catalogue = tmp_path / "credentials.json", MemoryCatalogue()
    file.write_text(json.dumps({"credentials": [listed]}))
    ended = MORNING.replace(day=1)
    catalogue.put_credential(known.model_copy(update={"valid_to": ended}))
    load_credentials(file, catalogue, lambda *_: None, said)
    assert catalogue.credentials["cred-x"].valid_to == ended


LEAF, ANOTHER, ISSUER = (f"-----BEGIN CERTIFICATE-----\n{each}\n-----END CERTIFICATE-----\n" for each in "ABC")


@pytest.mark.parametrize(("chain", "taken"), [(LEAF + ISSUER, True), (ANOTHER, False), (ANOTHER + LEAF, False)])
def test_a_credential_on_record_keeps_its_certificate(tmp_path: Path, chain: str, taken: bool) -> None:
    """What was prepared with it would be for another certificate, and could never be finished."""
    known, fresh = (credential(name, THUAN_HOA, Purpose.SEAL, chain_pem=LEAF) for name in ("cred-x", "cred-a"))
    file, kept, catalogue = (
        listed_in(tmp_path, fresh, known.model_copy(update={"chain_pem": chain})),
        {},
        MemoryCatalogue(),
    )
    catalogue.put_credential(known)
    if taken:
        assert load_credentials(file, catalogue, kept.__setitem__, said) == 2
        assert catalogue.credentials["cred-x"].chain_pem == chain
        return
    with pytest.raises(CredentialFixed) as refused:
        load_credentials(file, catalogue, kept.__setitem__, said)
    assert all("credentials rotate cred-x" in refused.value.detail(language) for language in ("vi", "en"))
    assert (catalogue.credentials, kept) == ({"cred-x": known}, {})


@pytest.mark.parametrize(
    ("holder", "purpose", "kind"),
    [
        ("official-thuan-hoa", Purpose.SIGN, SignerKind.KMS),
        ("official-thuan-hoa", Purpose.SIGN, SignerKind.PKCS11),
        ("official-thuan-hoa", Purpose.SIGN, SignerKind.PKCS12),
        (THUAN_HOA, Purpose.SEAL, SignerKind.CLIENT),
        (THUAN_HOA, Purpose.SEAL, SignerKind.CSC),
        (THUAN_HOA, Purpose.SEAL, SignerKind.PKCS12),
    ],
)
def test_a_key_that_the_service_would_never_sign_with_loads_nothing(
    tmp_path: Path, holder: str, purpose: Purpose, kind: SignerKind
) -> None:
    good, wrong = credential("cred-x", THUAN_HOA, Purpose.SEAL), credential("cred-y", holder, purpose, kind=kind)
    listed = [
        {**one.model_dump(mode="json", exclude={"appearance"}), "appearance_png": b64encode(b"png").decode()}
        for one in (good, wrong)
    ]
    file, kept, catalogue = tmp_path / "credentials.json", {}, MemoryCatalogue()
    file.write_text(json.dumps({"credentials": listed}))
    with pytest.raises(KeyKindRefused) as refused:
        load_credentials(file, catalogue, kept.__setitem__, said)
    assert all(kind.value in refused.value.detail(language) for language in ("vi", "en"))
    assert (catalogue.credentials, kept) == ({}, {})


def listed_in(folder: Path, *credentials: Credential) -> Path:
    records = [
        {**one.model_dump(mode="json", exclude={"appearance"}), "appearance_png": b64encode(b"png").decode()}
        for one in credentials
    ]
    file = folder / "credentials.json"
    file.write_text(json.dumps({"credentials": records}))
    return file


def test_a_loaded_record_ends_with_its_certificate_at_the_latest(tmp_path: Path) -> None:
    known, catalogue = credential("cred-x", THUAN_HOA, Purpose.SEAL), MemoryCatalogue()
    begins, ends = MORNING - timedelta(days=1), MORNING + timedelta(days=10)
    file = listed_in(tmp_path, known)
    load_credentials(
        file, catalogue, lambda *_: None, lambda one: replace(said(one), not_before=begins, not_after=ends)
    )
    kept = catalogue.credentials["cred-x"]
    assert (kept.valid_from, kept.valid_to) == (max(begins, known.valid_from), min(ends, known.valid_to))
    assert kept.valid_to < known.valid_to


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"signs": False}, "wrong-key-usage"),
        ({"algorithms": frozenset()}, "key-does-not-fit"),
        ({"not_after": MORNING - YEARS}, "never-valid"),
        (None, "no-certificate"),
    ],
)
def test_a_certificate_that_cannot_sign_loads_nothing(
    tmp_path: Path, changes: dict[str, object] | None, reason: str
) -> None:
    def read(one: Credential) -> CertificateFacts:
        if changes is None:
            raise ValueError("no certificate")
        return replace(said(one), **changes)  # type: ignore[arg-type]

    catalogue, kept = MemoryCatalogue(), {}
    file = listed_in(tmp_path, credential("cred-x", THUAN_HOA, Purpose.SEAL))
    with pytest.raises(CredentialRefused) as refused:
        load_credentials(file, catalogue, kept.__setitem__, read)
    assert refused.value.values["reason"] == reason
    assert (catalogue.credentials, kept) == ({}, {})


TOKEN = {
    "id": "mot-thiet-bi",
    "kind": "pkcs11",
    "library": "/opt/hsm/libpkcs11.so",
    "token": "con-dau",
    "secret_name": "chauban-production/tokens/mot-thiet-bi",
}


def test_tokens_are_loaded_beside_providers(folder: Path) -> None:
    (folder / "providers.yaml").write_text(json.dumps([TOKEN]))
    catalogue = MemoryCatalogue()
    load_catalogue(folder, catalogue)
    token = catalogue.token("mot-thiet-bi")
    assert token is not None
    assert token.model_dump(mode="json") == TOKEN
    assert catalogue.provider("mot-thiet-bi") is None


@pytest.mark.parametrize("wrong", [{"library": "lib.so"}, {"token": ""}, {"pin": "1234"}, {"base_url": "https://a.vn"}])
def test_a_token_that_could_not_be_reached_loads_nothing(folder: Path, wrong: dict) -> None:
    (folder / "providers.yaml").write_text(json.dumps([TOKEN | wrong]))
    with pytest.raises(ValidationError):
        load_catalogue(folder, catalogue := MemoryCatalogue())
    assert (catalogue.agencies, catalogue.tokens) == ({}, {})


def test_signing_providers_are_loaded(folder: Path) -> None:
    (folder / "providers.yaml").write_text(json.dumps([PROVIDER]), encoding="utf-8")
    catalogue = MemoryCatalogue()
    load_catalogue(folder, catalogue)
    assert catalogue.providers["nha-a"].per_call == 100


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "client"},
        {"api": None},
        {"kind": "smartca"},
        {"base_url": "ftp://a.example"},
        {"base_url": "https://a.example/"},
        {"base_url": "https://who@a.example"},
        {"id": "Nhà A"},
        {"secret": "in clear"},
        {"per_call": 0},
        {"kind": "mysign", "api": None, "grant": None, "most": 500, "per_call": 100},
    ],
)
def test_a_provider_that_could_not_be_asked_loads_nothing(folder: Path, wrong: dict) -> None:
    (folder / "providers.yaml").write_text(json.dumps([{**PROVIDER, **wrong}]), encoding="utf-8")
    catalogue = MemoryCatalogue()
    with pytest.raises(ValidationError):
        load_catalogue(folder, catalogue)
    assert catalogue.agencies == {}
