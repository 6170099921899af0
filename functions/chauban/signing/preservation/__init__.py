"""Signed files that outlive the certificates and algorithms they were signed with: raised after issuing, renewed in time."""
