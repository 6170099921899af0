"""Certificates, revocation, timestamps: what a signature rests on, asked of the network or of the file."""
