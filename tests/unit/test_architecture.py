"""What may import what, how long files are, and what a function loads when it starts."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CHAUBAN = ROOT / "functions" / "chauban"
FILES = sorted(CHAUBAN.rglob("*.py"))
OUTSIDE = {"boto3", "botocore", "aws_lambda_powertools", "pyhanko", "pyhanko_certvalidator", "weasyprint", "moto"}
SERVICES = (
    "algorithms",
    "certificate_time",
    "credentials",
    "policy",
    "ports",
    "preparation",
    "providers",
    "sent_back",
    "terms",
    "preservation/",
    "seals/",
    "sessions/",
)
PARTS = ("errors", "attachments", "dossiers", "forms", "access", "events", "registers", "registry", "copying")
# What a form's author runs on a machine of their own (a server to look at, judges of files, a renderer to be ended), and how one
# particular register is spoken to: at the edge, although they lie with what they serve.
TOOLS = ("forms/checking/", "forms/previewing/", "forms/scaffold/")
# What opens files from outside runs in a process of its own.
LOOKING = "attachments/looking/"
EDGES = (*TOOLS, "registry/population/", LOOKING)


def name_of(path: Path) -> str:
    return path.relative_to(CHAUBAN).as_posix()


DOMAIN = [
    *(CHAUBAN / name for name in ("ports.py", "values.py", "pointers.py")),
    *(path for part in PARTS for path in sorted((CHAUBAN / part).rglob("*.py")) if not name_of(path).startswith(EDGES)),
    *(
        path
        for name in SERVICES
        for path in (
            sorted((CHAUBAN / "signing" / name).glob("*.py"))
            if name.endswith("/")
            else [CHAUBAN / "signing" / f"{name}.py"]
        )
    ),
]
MAX_LINES, MAX_HANDLER, MAX_FUNCTION = 300, 60, 40


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """Every module that a file imports, anywhere in it, with the line; also from within functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from ((f"{node.module}.{alias.name}", node.lineno) for alias in node.names)


@pytest.mark.parametrize("path", DOMAIN, ids=name_of)
def test_the_domain_knows_nothing_of_aws_or_of_pdf_libraries(path: Path) -> None:
    assert path.is_file()
    found = {module for module, _ in imports(path) if module.split(".")[0] in OUTSIDE}
    assert found == set()


@pytest.mark.parametrize("path", DOMAIN, ids=name_of)
def test_the_domain_knows_nothing_of_what_stands_around_it(path: Path) -> None:
    around = ("adapters", "handlers", "http", "bootstrap", "settings", "observability", "cli")
    found = {m for m, _ in imports(path) if m.startswith(tuple(f"chauban.{part}" for part in around))}
    assert found == set()


def test_only_those_who_read_schemas_know_the_schema_library() -> None:
    """Answers, conditions, schemas as their authors write them, and a register's answers."""
    users = {name_of(path) for path in FILES if any(m.split(".")[0] == "jsonschema_rs" for m, _ in imports(path))}
    assert users == {
        "forms/validation.py",
        "forms/visibility.py",
        "forms/checking/schemas.py",
        "registry/population/adapter.py",
    }


def test_only_bootstrap_and_the_shell_choose_adapters() -> None:
    """The publisher reads items of the stream, which are the table's own form; trial documents are made of a folder's forms."""
    users = {
        name_of(path)
        for path in FILES
        if any(module.startswith("chauban.adapters") for module, _ in imports(path))
        and not name_of(path).startswith("adapters/")
    }
    commands = ("administration", "certified_keys", "command", "forms", "keys", "preservation", "providers")
    shell = {*(f"cli/{name}.py" for name in commands), "forms/checking/trial.py"}
    assert {name for name in users if not name.startswith("bootstrap/")} == {"handlers/publish.py", *shell}


def test_only_the_shell_uses_the_tools_of_authors_and_only_bootstrap_a_register() -> None:
    tools, register = (
        {
            name_of(path)
            for path in FILES
            if any(module.startswith(wanted) for module, _ in imports(path)) and not name_of(path).startswith(EDGES)
        }
        for wanted in (tuple(f"chauban.{part.replace('/', '.')}" for part in TOOLS), "chauban.registry.population.")
    )
    assert tools == {"cli/forms.py"}
    assert register == {"bootstrap/routes.py"}


def test_the_machines_clock_and_randomness_are_asked_in_one_place() -> None:
    asked = {
        name_of(path)
        for path in DOMAIN
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute)
        and node.attr in {"utcnow", "today", "uuid4", "urandom"}
        or isinstance(node, ast.Call)
        and ast.unparse(node.func) in {"datetime.now", "time.time", "ULID"}
    }
    assert asked == set()


@pytest.mark.parametrize("path", sorted((CHAUBAN / "handlers").glob("*.py")), ids=name_of)
def test_a_handler_is_short_and_calls_no_aws(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_HANDLER
    assert not any(module.split(".")[0] in {"boto3", "botocore"} for module, _ in imports(path))


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_no_file_is_long(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


def test_the_median_file_is_short() -> None:
    lengths = sorted(len(path.read_text(encoding="utf-8").splitlines()) for path in FILES)
    assert lengths[len(lengths) // 2] < 100


def body_length(function: ast.FunctionDef) -> int:
    """The lines of a function without its signature and docstring."""
    documented = ast.get_docstring(function) is not None
    body = function.body[1:] if documented else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_function_is_long() -> None:
    """Route groups are lists of routes; each of their routes is short."""
    long = {
        f"{name_of(path)}:{node.name}"
        for path in FILES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef) and not node.name.endswith("_routes") and body_length(node) >= MAX_FUNCTION
    }
    assert long == set()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_nothing_has_a_name_that_means_everything(path: Path) -> None:
    assert path.stem not in {"utils", "util", "helpers", "helper", "common", "misc", "manager", "base"}


def test_no_two_tests_that_run_together_have_one_name() -> None:
    """They would be one module for pytest; the stack's tests and the infrastructure's run by themselves."""
    found = [
        path.name
        for path in (ROOT / "tests").rglob("test_*.py")
        if not {"integration", "infrastructure"} & set(path.parts)
    ]
    assert len(set(found)) == len(found)


HEAVY = {"weasyprint", "pyhanko", "fontTools", "PIL"}


@pytest.mark.parametrize(
    ("module", "absent"),
    [
        ("api", HEAVY | {"asn1crypto"}),
        ("signing_api", HEAVY | {"asn1crypto"}),
        ("prefill", HEAVY | {"asn1crypto"}),
        ("preview", {"pyhanko", "asn1crypto"}),
        ("publish", HEAVY),
        ("examine", HEAVY),
        ("render", {"pyhanko"}),
        ("sign", {"weasyprint"}),
        ("seal", {"weasyprint"}),
    ],
)
def test_a_function_starts_without_what_it_does_not_need(module: str, absent: set[str]) -> None:
    code = (
        f"import sys, chauban.handlers.{module}; print(sorted(set(m.split('.')[0] for m in sys.modules) & {absent!r}))"
    )
    environment = {"PYTHONPATH": str(ROOT / "functions"), "PATH": ""}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment, cwd="/"
    )
    assert done.stdout.strip() == "[]"
