"""The login issuer of the embedded stack: OpenID Connect and OAuth 2.0 for the demo's people and portal."""
