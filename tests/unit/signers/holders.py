"""All signers at once: each with keys and certificates, and a way to have a digest signed."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

from chauban.adapters.kms import KmsKeys
from chauban.signing.algorithms import Algorithm
from chauban.signing.credentials import Credential, SignerKind
from chauban.signing.signers.pkcs11 import Pkcs11Keys
from chauban.signing.signers.pkcs12 import KeyFile, Pkcs12Keys
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.hazmat.primitives.serialization.pkcs12 import serialize_key_and_certificates

from infra.local.demo.device import Device
from tests.unit.signers import softhsm
from tests.unit.signers.csc import Csc
from tests.unit.signers.documents import certified, credential_at, key_for
from tests.unit.signers.emulated_kms import made_in_kms, running_kms
from tests.unit.signers.phones import ALGORITHMS, Phone, values_by_phone
from tests.unit.signers.provider_server import Running, running_providers, to_sign
from tests.unit.signing.world import World

Sign = Callable[[bytes], bytes]
Holder = Callable[[Algorithm], tuple[Credential, Sign]]
PASSWORD = "mật khẩu thử"
CSC_WAYS = [("v1", "explicit"), ("v1", "oauth"), ("v2", "explicit"), ("v2", "oauth")]
NAMES = ["client", "kms", "pkcs11", "pkcs12", *("-".join(("csc", *way)) for way in CSC_WAYS), "smartca", "mysign"]


def algorithms_of(name: str) -> list[Algorithm]:
    """What a signer can do."""
    return ALGORITHMS.get(name, list(Algorithm))


@contextmanager
def all_holders(world: World, folder: Path) -> Iterator[dict[str, Holder]]:
    """Each signer by its name; PKCS#11 only where SoftHSM is installed."""
    (folder / "kms").mkdir()
    with ExitStack() as running:
        client = running.enter_context(running_kms(folder / "kms"))
        providers = running.enter_context(running_providers(folder / "providers", world.authority.data))
        made = {"client": _client(world), "kms": _kms(world, client), "pkcs12": _pkcs12(world, folder)}
        if softhsm.module():
            made["pkcs11"] = _pkcs11(world, folder)
        made |= {"-".join(("csc", *way)): _csc(providers, *way) for way in CSC_WAYS}
        made |= {name: _phone(providers, name) for name in ("smartca", "mysign")}
        yield made


def _label(name: str, algorithm: Algorithm) -> str:
    return f"{name}-{algorithm.value.lower().replace('_', '-')}"


def _client(world: World) -> Holder:
    def holder(algorithm: Algorithm) -> tuple[Credential, Sign]:
        key, name = key_for(algorithm), _label("client", algorithm)
        chain = certified(world, name, key.public_key())
        device = Device(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), chain.encode())
        credential = credential_at(SignerKind.CLIENT, algorithm, chain, key_ref=None, provider=None)
        return credential, lambda digest: device.sign(digest, algorithm.value)

    return cache(holder)


def _kms(world: World, client: object) -> Holder:
    def holder(algorithm: Algorithm) -> tuple[Credential, Sign]:
        key, public = made_in_kms(client, algorithm)
        chain = certified(world, _label("kms", algorithm), public)
        credential = credential_at(SignerKind.KMS, algorithm, chain, key_ref=key)
        return credential, lambda digest: KmsKeys(client).sign(credential, digest)

    return cache(holder)


def _pkcs11(world: World, folder: Path) -> Holder:
    token = softhsm.token_in(folder, "thẻ thử")
    made = {algorithm: softhsm.made_in(token, _label("key", algorithm), algorithm) for algorithm in Algorithm}

    def holder(algorithm: Algorithm) -> tuple[Credential, Sign]:
        chain = certified(world, _label("pkcs11", algorithm), made[algorithm])
        held = {"key_ref": _label("key", algorithm), "provider": "hsm"}
        credential = credential_at(SignerKind.PKCS11, algorithm, chain, **held)
        return credential, lambda digest: Pkcs11Keys({"hsm": token}).sign(credential, digest)

    return cache(holder)


def _pkcs12(world: World, folder: Path) -> Holder:
    def holder(algorithm: Algorithm) -> tuple[Credential, Sign]:
        key, name = key_for(algorithm), _label("pkcs12", algorithm)
        encrypted = BestAvailableEncryption(PASSWORD.encode())
        (folder / name).write_bytes(serialize_key_and_certificates(b"key", key, None, None, encrypted))
        credential = credential_at(SignerKind.PKCS12, algorithm, certified(world, name, key.public_key()))
        keys = Pkcs12Keys({"key": KeyFile(folder / name, PASSWORD)})
        return credential, lambda digest: keys.sign(credential, digest)

    return cache(holder)


def _csc(providers: Running, api: str, grant: str) -> Holder:
    def holder(algorithm: Algorithm) -> tuple[Credential, Sign]:
        csc = Csc(providers, api, grant)
        credential, signer = csc.credential(algorithm), csc.signer()

        def sign(digest: bytes) -> bytes:
            documents = to_sign(digest)
            told = signer.sign(credential, documents, csc.grant_for(signer, credential, documents))
            return told.values[1]

        return credential, sign

    return cache(holder)


def _phone(providers: Running, name: str) -> Holder:
    def holder(algorithm: Algorithm) -> tuple[Credential, Sign]:
        phone = Phone(providers, name)
        credential = phone.credential(algorithm)
        return credential, lambda digest: values_by_phone(phone.signer(), credential, to_sign(digest))[1]

    return cache(holder)
