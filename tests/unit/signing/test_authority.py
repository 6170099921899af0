"""The development authority itself: it continues over restarts, and follows what is issued and revoked beside it."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from infra.local.trust import create_authority, issue_certificate, open_authority
from infra.local.trust.authority import TrustDataError
from tests.unit.signing.world import World, running_world

ROOT = Path(__file__).parents[3]


def _public_key() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1()).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)


def test_a_restart_continues_with_the_same_authority(tmp_path: Path) -> None:
    folder = tmp_path / "dữ liệu tin cậy"
    key = _public_key()
    with running_world(folder) as first:
        root, address = first.authority.root_file.read_bytes(), first.authority.base_url
        chain = issue_certificate(folder, "official-a", "Nguyễn Văn A", key)
    with running_world(folder) as second:
        assert second.authority.root_file.read_bytes() == root
        assert second.authority.base_url == address
        assert issue_certificate(folder, "official-a", "Nguyễn Văn A", key) == chain


def test_another_port_than_the_certificates_name_is_refused(tmp_path: Path) -> None:
    created = create_authority(tmp_path / "trust")
    with pytest.raises(TrustDataError):
        create_authority(tmp_path / "trust", created.port + 1)


def test_private_keys_are_for_the_owner_only(world: World) -> None:
    keys = list((world.authority.data / "keys").iterdir())
    assert keys
    assert all(stat.S_IMODE(key.stat().st_mode) == 0o600 for key in keys)


def test_a_label_belongs_to_one_key(world: World) -> None:
    issue_certificate(world.authority.data, "taken", "A", _public_key())
    with pytest.raises(TrustDataError):
        issue_certificate(world.authority.data, "taken", "A", _public_key())


@pytest.mark.parametrize(("label", "profile"), [("root", "seal"), ("../up", "seal"), ("fine", "judge")])
def test_odd_labels_and_profiles_are_refused(world: World, label: str, profile: str) -> None:
    with pytest.raises(TrustDataError):
        issue_certificate(world.authority.data, label, "A", _public_key(), profile)


def test_nothing_is_issued_where_there_is_no_authority(tmp_path: Path) -> None:
    with pytest.raises(TrustDataError):
        open_authority(tmp_path)


def test_the_server_process_stops_cleanly_on_sigterm(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "infra.local.trust.server", "--data", str(tmp_path / "kho Huế")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert "ready at http://127.0.0.1:" in server.stdout.readline()
        server.send_signal(signal.SIGTERM)
        assert server.wait(timeout=10) == 0
