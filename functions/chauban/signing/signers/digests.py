"""What a signer is given: a digest of the right length, so that no key ever signs something else by mistake."""

import hashlib

from chauban.errors import SigningError
from chauban.signing.algorithms import Algorithm


def require_digest(algorithm: Algorithm, digest: bytes) -> None:
    """Raises `SigningError` unless `digest` is as long as the algorithm's hash."""
    if len(digest) != hashlib.new(algorithm.digest).digest_size:
        raise SigningError(reason=f"not-a-{algorithm.digest}-digest")
