"""The secrets of providers and tokens, from AWS Secrets Manager; one that was changed is used within minutes."""

import json
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from chauban.adapters.memory import Remembered
from chauban.errors import NotConfigured
from chauban.ports import Clock

KEPT = timedelta(minutes=2)


class ProviderSecrets:
    """Secrets by name, each a JSON object of texts."""

    def __init__(self, secrets_manager: Any, clock: Clock) -> None:
        self._client = secrets_manager
        self._kept: Remembered[Mapping[str, str]] = Remembered(clock, KEPT, self._read)

    def __call__(self, name: str) -> Mapping[str, str]:
        """The secret's content; raises `NotConfigured` for one that is no such object."""
        return self._kept(name)

    def _read(self, name: str) -> Mapping[str, str]:
        text = self._client.get_secret_value(SecretId=name)["SecretString"]
        try:
            secret = json.loads(text)
        except ValueError:
            secret = None
        if not isinstance(secret, dict) or not all(isinstance(value, str) for value in secret.values()):
            # No cause: its text would quote the secret.
            raise NotConfigured(what=f"secret {name}: a JSON object of texts") from None
        return secret
