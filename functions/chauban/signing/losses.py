"""When something that was fixed for a signature, or the value for it, can never go into its file.

It is given up then with a fact, and fixed anew. What passes, above all a service that does not answer, gives nothing up.
"""

from chauban.errors import CertificateNotUsable, SignatureLost, SignatureMismatch, SigningError, VerificationFailed

# While nobody can say whether the certificate stands, what was fixed stands.
ASK_AGAIN = "status_unavailable"


def is_lost(fault: SigningError) -> bool:
    """Whether no later attempt can finish it: the certificate ended or was revoked, the value is not its key's, attributes or file
    are others than those that were signed, the room is too small, or the file does not verify."""
    if isinstance(fault, CertificateNotUsable):
        return fault.values["reason"] != ASK_AGAIN
    return isinstance(fault, SignatureLost | SignatureMismatch | VerificationFailed)


def word_of(fault: SigningError) -> str:
    """The reason for the facts, as a stable word."""
    return str(fault.values.get("reason", fault.code))
