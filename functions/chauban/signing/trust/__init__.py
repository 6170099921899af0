"""Certificates, revocation, timestamps: what a signature rests on, asked of the network or of the file."""

import logging

# They name people in what they log: the subject of a certificate that could not be trusted. Verdicts and faults say all there is.
for _library in ("pyhanko", "pyhanko_certvalidator"):
    logging.getLogger(_library).setLevel(logging.CRITICAL)
