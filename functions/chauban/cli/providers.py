"""Remote signing providers of the catalogue, asked from the shell with their own secrets."""

import os
from collections.abc import Iterator
from typing import TYPE_CHECKING

from chauban.cli.command import CommandRefused, catalogue_in

if TYPE_CHECKING:
    from cryptography import x509

    from chauban.adapters.dynamodb.catalogue import DynamoCatalogue
    from chauban.signing.providers import Provider
    from chauban.signing.signers.csc import CscSigner

STAGE = "CHAUBAN_STAGE"


def named_provider(store: "DynamoCatalogue", provider: str) -> "Provider":
    """The catalogue's record; raises `CommandRefused` where there is none."""
    found = store.provider(provider)
    if found is None:
        raise CommandRefused(
            f"Danh mục chưa có nhà cung cấp hoặc thiết bị {provider}. Hãy nạp providers.yaml trước.",
            f"The catalogue has no provider or token {provider}. Load providers.yaml first.",
        )
    return found


def csc_signer(provider: "Provider") -> "CscSigner":
    """Speaks to a CSC provider; raises `CommandRefused` where its secret cannot be read."""
    from botocore.exceptions import ClientError

    from chauban.adapters.provider_secrets import ProviderSecrets
    from chauban.adapters.providers import LOCAL
    from chauban.bootstrap import client, clock
    from chauban.signing.signers.calling import ProviderHttp
    from chauban.signing.signers.csc import CscSigner

    try:
        secret = ProviderSecrets(client("secretsmanager"), clock())(provider.secret_name)
    except ClientError as refusal:
        raise CommandRefused(
            f"Không đọc được bí mật {provider.secret_name}. Hãy tạo bí mật đó và dùng quyền secretsmanager:GetSecretValue.",
            f"The secret {provider.secret_name} cannot be read. Create it, and have the right secretsmanager:GetSecretValue.",
        ) from refusal
    # Over TLS, unless the shell says that it works on the embedded stack.
    return CscSigner(provider, secret, ProviderHttp(provider.wait_seconds, plain=os.environ.get(STAGE) == LOCAL))


def held_at(table: str, provider: str, account: str) -> "Iterator[tuple[str, x509.Certificate]]":
    """What a CSC provider has for an account: each key's name there with its certificate. Raises `CommandRefused`, and the errors
    of providers."""
    from cryptography import x509

    from chauban.signing.credentials import SignerKind

    found = named_provider(catalogue_in(table), provider)
    if found.kind is not SignerKind.CSC:
        raise CommandRefused(
            f"Giao diện của {found.kind} không cho hỏi danh sách khóa. Hãy lấy mã khóa và chứng thư từ trang quản trị của nhà cung "
            "cấp rồi chạy: chauban credentials import --provider ... --key ... --account ... --certificates ...",
            f"The interface of {found.kind} has no list of keys to ask for. Take the key's name and its certificate from the "
            "provider's own pages, then run: chauban credentials import --provider ... --key ... --account ... --certificates ...",
        )
    signer = csc_signer(found)
    for key in signer.credential_ids(account):
        yield key, x509.load_der_x509_certificate(signer.certificates(key)[0])


def require_requestable(table: str | None, provider: str) -> None:
    """A request is signed by the key itself, which only a key in KMS or in a token does for us: raises `CommandRefused`, which
    says what to do instead."""
    if not table:
        raise CommandRefused(
            "Thiếu --table: cần danh mục để biết nhà cung cấp giữ khóa như thế nào.",
            "--table is missing: the catalogue says how the provider holds keys.",
        )
    store = catalogue_in(table)
    if store.token(provider):
        raise CommandRefused(
            f"{provider} là thiết bị PKCS#11. Hãy dùng: chauban credentials csr --pkcs11 THƯ_VIỆN --token NHÃN --key KHÓA ...",
            f"{provider} is a PKCS#11 token. Use: chauban credentials csr --pkcs11 LIBRARY --token LABEL --key KEY ...",
        )
    found = named_provider(store, provider)
    raise CommandRefused(
        f"Nhà cung cấp {found.id} ({found.kind}) tự tạo khóa và chứng thư của người ký, không cần yêu cầu chứng thư. Hãy đăng ký "
        "chứng thư với nhà cung cấp, xem mã khóa bằng chauban credentials list --table ... --provider ... --account ... "
        "(chỉ với csc), rồi chạy: chauban credentials import --table ... --person ... --provider ... --key ... --account ...",
        f"The provider {found.id} ({found.kind}) makes the holder's key and certificate itself; it takes no request. Have the "
        "certificate issued there, see the key's name with chauban credentials list --table ... --provider ... --account ... (csc "
        "only), then run: chauban credentials import --table ... --person ... --provider ... --key ... --account ...",
    )
