"""`attachments:` of form.yaml: each paper once, titled in both languages, of types that can be examined."""

from collections.abc import Iterator

from chauban.errors import LANGUAGES
from chauban.forms.definition import ATTACHMENT_TYPES, FormDefinition
from chauban.forms.findings import Finding, finding

HEAD = "form.yaml"


def paper_findings(form: FormDefinition) -> Iterator[Finding]:
    """All faults of `attachments:` in form.yaml."""
    names = [rule.name for rule in form.head.attachments]
    for position, rule in enumerate(form.head.attachments):
        place = f"attachments.{position}"
        if names.index(rule.name) != position:
            text = (
                f"Giấy tờ “{rule.name}” đã có ở trên. Hãy đặt tên khác.",
                f"'{rule.name}' is there already. Name it otherwise.",
            )
            yield finding(HEAD, f"{place}.name", "paper-twice", *text)
        if not rule.types or set(rule.types) - set(ATTACHMENT_TYPES):
            known = ", ".join(ATTACHMENT_TYPES)
            text = (f"Chỉ nhận được các loại: {known}.", f"Only these types can be taken: {known}.")
            yield finding(HEAD, f"{place}.types", "paper-type", *text)
        for language in LANGUAGES:
            if not rule.title.get(language):
                text = (f"Thiếu tên giấy tờ (title.{language}).", f"The paper has no title.{language}.")
                yield finding(HEAD, f"{place}.title", "paper-title", *text)
