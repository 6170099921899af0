"""What every route shares: the caller, the headers, and answers with an entity tag."""

from http import HTTPStatus
from typing import Any, cast

import rfc8785
from aws_lambda_powertools.event_handler.api_gateway import Router
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2

from chauban.access.identity import Caller, caller_from, party_from
from chauban.dossiers.parties import Party
from chauban.errors import MalformedBody, NotAuthenticated
from chauban.forms.validation import refuse_broken_text
from chauban.services import Services


class WithoutBody(Exception):
    """An answer that has no body (204, 304): no fault, but the only way past a route's declared answer."""

    def __init__(self, status: HTTPStatus, headers: dict[str, str | list[str]]) -> None:
        super().__init__(status.phrase)
        self.status = status
        self.headers = headers


class Api(Router):
    """A group of routes that use the services."""

    def __init__(self, services: Services) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.services = services

    @property
    def _event(self) -> APIGatewayProxyEventV2:
        return cast(APIGatewayProxyEventV2, self.current_event)

    @property
    def caller(self) -> Caller:
        """The person or client behind the request; raises `NotAuthenticated`."""
        services = self.services
        return caller_from(self._claims, services.issuer, services.party_keys, services.clock.now())

    @property
    def itself(self) -> Party | None:
        """The citizen behind the request, with number and name; None for everybody else. Raises `NotAuthenticated`."""
        return party_from(self._claims)

    @property
    def _claims(self) -> dict[str, Any]:
        authorizer = self._event.request_context.authorizer
        claims: dict[str, Any] | None = authorizer.jwt_claim if authorizer else None
        if not claims:
            raise NotAuthenticated
        return claims

    @property
    def raw_body(self) -> dict[str, Any]:
        """The JSON object that was sent; raises `InvalidRequest` for text that is not Unicode.

        Raises `MalformedBody` where it is no object, or has numbers without a canonical form.
        """
        body = self._event.json_body if self._event.body else {}
        if not isinstance(body, dict):
            raise MalformedBody
        refuse_broken_text(body)
        try:
            rfc8785.dumps(body)
        except ValueError as fault:
            raise MalformedBody from fault
        return body

    def header(self, name: str) -> str | None:
        """A request header, whatever its case."""
        wanted = name.lower()
        return next((value for key, value in self._event.headers.items() if key.lower() == wanted), None)


def etag(version: int) -> str:
    """The entity tag of a version."""
    return f'"{version}"'
