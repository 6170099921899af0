"""The HTTP API: its OpenAPI body becomes an authorizer, integrations and routes, as API Gateway's import does."""

from __future__ import annotations

from typing import Any

from infra.local.resources.handler import Deployed, Handler, Properties, Target

_METHODS = ("get", "post", "put", "patch", "delete", "head", "options", "x-amazon-apigateway-any-method")


def _create_api(target: Target, _logical_id: str, properties: Properties) -> Deployed:
    body = properties["Body"]
    api = target.client("apigatewayv2").create_api(
        Name=str(body["info"]["title"]),
        ProtocolType="HTTP",
        Version=str(body["info"]["version"]),
        Tags=_tags(properties),
    )
    return _import_body(target, Deployed(api["ApiId"], {"ApiId": api["ApiId"]}), body)


def _update_api(target: Target, api: Deployed, properties: Properties) -> Deployed:
    client, body = target.client("apigatewayv2"), properties["Body"]
    client.update_api(ApiId=api.ref, Name=str(body["info"]["title"]), Version=str(body["info"]["version"]))
    client.tag_resource(ResourceArn=f"arn:aws:apigateway:{target.region}::/apis/{api.ref}", Tags=_tags(properties))
    for route in client.get_routes(ApiId=api.ref)["Items"]:
        client.delete_route(ApiId=api.ref, RouteId=route["RouteId"])
    for integration in client.get_integrations(ApiId=api.ref)["Items"]:
        client.delete_integration(ApiId=api.ref, IntegrationId=integration["IntegrationId"])
    for authorizer in client.get_authorizers(ApiId=api.ref)["Items"]:
        client.delete_authorizer(ApiId=api.ref, AuthorizerId=authorizer["AuthorizerId"])
    return _import_body(target, api, body)


def _tags(properties: Properties) -> dict[str, str]:
    """SAM puts the tags into the body's `tags`, with an extension beside each value."""
    return {
        tag["name"]: str(tag.get("x-amazon-apigateway-tag-value", "")) for tag in properties["Body"].get("tags", [])
    }


def _import_body(target: Target, api: Deployed, body: Properties) -> Deployed:
    authorizers = {
        name: _create_authorizer(target, api, name, scheme)
        for name, scheme in body.get("components", {}).get("securitySchemes", {}).items()
    }
    for path, operations in body["paths"].items():
        for method in _METHODS:
            if method in operations:
                _create_route(target, api, f"{method.upper()} {path}", operations[method], authorizers)
    return api


def _create_authorizer(target: Target, api: Deployed, name: str, scheme: Properties) -> str:
    if scheme["type"] != "oauth2":
        raise ValueError(f"{name}: {scheme['type']} is not what a JWT authorizer is described as")
    settings = scheme["x-amazon-apigateway-authorizer"]
    jwt = settings["jwtConfiguration"]
    created = target.client("apigatewayv2").create_authorizer(
        ApiId=api.ref,
        Name=name,
        AuthorizerType=settings["type"].upper(),
        IdentitySource=[settings["identitySource"]],
        JwtConfiguration={"Issuer": jwt["issuer"], "Audience": jwt["audience"]},
    )
    identifier: str = created["AuthorizerId"]
    return identifier


def _create_route(target: Target, api: Deployed, key: str, operation: Properties, authorizers: dict[str, str]) -> None:
    client = target.client("apigatewayv2")
    integration = operation["x-amazon-apigateway-integration"]
    created = client.create_integration(
        ApiId=api.ref,
        IntegrationType=integration["type"].upper(),
        IntegrationMethod=integration["httpMethod"],
        IntegrationUri=integration["uri"],
        PayloadFormatVersion=integration["payloadFormatVersion"],
    )
    route = {"ApiId": api.ref, "RouteKey": key, "Target": f"integrations/{created['IntegrationId']}"}
    for requirement in operation.get("security", []):
        ((name, scopes),) = requirement.items()
        if name == "NONE":
            if scopes:
                raise ValueError(f"{key}: scopes without an authorizer")
            route["AuthorizationType"] = "NONE"
        else:
            route |= {"AuthorizationType": "JWT", "AuthorizerId": authorizers[name], "AuthorizationScopes": scopes}
    client.create_route(**route)


def _create_stage(target: Target, _logical_id: str, properties: Properties) -> Deployed:
    target.client("apigatewayv2").create_stage(**properties)
    return Deployed(properties["StageName"])


def _update_stage(target: Target, stage: Deployed, properties: Properties) -> Deployed:
    changed = {key: value for key, value in properties.items() if key != "Tags"}
    target.client("apigatewayv2").update_stage(**changed)
    return stage


HANDLERS: dict[str, Any] = {
    "AWS::ApiGatewayV2::Api": Handler(
        _create_api,
        _update_api,
        left_out={
            "Body.openapi": "the version of the format, not a setting",
            "Body.paths.*.*.parameters": "repeats the path's own placeholders",
            "Body.paths.*.*.responses": "empty: SAM writes it because OpenAPI asks for it",
            "FailOnWarnings": "says what the import does with warnings; here every unknown key is an error",
        },
    ),
    "AWS::ApiGatewayV2::Stage": Handler(_create_stage, _update_stage, fixed=frozenset({"ApiId", "StageName", "Tags"})),
}
