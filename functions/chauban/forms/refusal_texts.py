"""What the authors of a form are told when its schema and UI schema cannot be published together."""

from collections.abc import Sequence

from chauban.forms.findings import Finding, finding
from chauban.forms.schema_nodes import pointer

_TEXTS = {
    "condition-in-schema": (
        "Không viết “{name}” trong schema. Điều kiện là “rule” của uischema.json; bước công bố sẽ sinh ra phần tương ứng.",
        "'{name}' is not written in the schema. A condition is a 'rule' in uischema.json; publishing makes the rest of it.",
    ),
    "unknown-format": (
        "Định dạng “{name}” không được kiểm tra. Hãy dùng một trong: {known}.",
        "The format '{name}' is not one that is checked. Use one of: {known}.",
    ),
    "effect-unknown": (
        "“effect” của rule phải là một trong: {known}.",
        "A rule's 'effect' is one of: {known}.",
    ),
    "condition-unknown": (
        "“condition” của rule phải có dạng {{scope, schema}}, và schema không dùng $ref.",
        "A rule's 'condition' is {{scope, schema}}, and the schema holds no $ref.",
    ),
    "rule-unresolved": (
        "Điều kiện trỏ tới {name}, nhưng schema không có mục này. Hãy sửa “scope”.",
        "The condition looks at {name}, which the schema does not have. Correct its 'scope'.",
    ),
    "scope-unresolved": (
        "Control trỏ tới “{name}”, nhưng schema không có mục này. Hãy sửa “scope”.",
        "The Control is for '{name}', which the schema does not have. Correct its 'scope'.",
    ),
    "hidden-but-required": (
        "Mục “{name}” có thể bị ẩn nhưng lại nằm trong “required”. Hãy bỏ khỏi “required” và ghi "
        '"options": {{"required": true}} ở Control.',
        "'{name}' can be hidden but stands in 'required'. Take it out there and write "
        '"options": {{"required": true}} at its Control.',
    ),
    "check-unresolved": (
        "Quy tắc kiểm tra này cần {name}, nhưng mẫu không có. Hãy sửa “at”, “with” hoặc bỏ quy tắc.",
        "This check needs {name}, which the form does not have. Correct its 'at' or 'with', or take it out.",
    ),
    "check-blames-answers": (
        "Lỗi của quy tắc này sẽ nằm ở “{name}”, là câu trả lời của người dân, mà cán bộ không sửa được. Mục bị báo lỗi phải "
        "bắt đầu bằng “decision.”.",
        "This check would find fault with '{name}', an answer, which a clerk cannot correct. What it faults has to begin with "
        "'decision.'.",
    ),
    "annex-unresolved": (
        "Phụ lục này chỉ có khi có “{name}”, nhưng mẫu không có mục này. Hãy sửa “given” hoặc bỏ đi.",
        "This annex is there only with '{name}', which the form does not have. Correct its 'given', or take it out.",
    ),
    "derived-unresolved": (
        "Giá trị được tính này cần {name}, nhưng mẫu không có mục số nào như vậy. Hãy sửa “to” hoặc “with”.",
        "This derived value needs {name}, which is no number of the form. Correct its 'to' or 'with'.",
    ),
    "derived-optional": (
        "Giá trị được tính này cần “{name}”, nhưng mục đó có thể vắng mặt. Hãy đưa mục đó và các mục chứa nó vào “required”.",
        "This derived value needs '{name}', which may be absent. Put it, and what it lies in, into 'required'.",
    ),
    "derived-later": (
        "Giá trị được tính này cần “{name}”, là giá trị chưa được tính lúc đó. Hãy nêu giá trị ấy trước trong “derived”.",
        "This derived value needs '{name}', which is not computed yet. Name that one before it in 'derived'.",
    ),
    "derived-writable": (
        'Mục “{name}” do hệ thống tính: hãy ghi "readOnly": true ở mục này, và chỉ ở những mục có trong “derived” của form.yaml.',
        "'{name}': write \"readOnly\": true at fields that are computed, and only at those that 'derived' of form.yaml names.",
    ),
    "cycle-of-rules": (
        "Việc hiện mục “{name}” phụ thuộc vào chính nó qua các rule. Hãy bỏ vòng lặp.",
        "Whether '{name}' is shown depends on itself through the rules. Break the cycle.",
    ),
}


def refusal(file: str, place: Sequence[object], code: str, **values: object) -> Finding:
    """A fault of a form's own files, with its place."""
    vietnamese, english = (text.format(**values) for text in _TEXTS[code])
    return finding(file, pointer(place), code, vietnamese, english)
