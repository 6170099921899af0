"""The sentences of `messages.py`: Vietnamese first, English second."""

Sentence = tuple[str, str]

_NO_SUCH_FIELD: Sentence = (
    "Mục “{label}” không có trong mẫu đơn. Vui lòng bỏ mục này.",
    "The form has no entry '{label}'. Please leave it out.",
)

# Units that English counts: whether the limit is one.
COUNTED = {
    "minLength": {True: "character", False: "characters"},
    "maxLength": {True: "character", False: "characters"},
    "minItems": {True: "entry", False: "entries"},
    "maxItems": {True: "entry", False: "entries"},
}

SENTENCES: dict[str, Sentence] = {
    "required": ("Vui lòng điền mục “{label}”.", "Please fill in '{label}'."),
    "additionalProperties": _NO_SUCH_FIELD,
    "unevaluatedProperties": _NO_SUCH_FIELD,
    "falseSchema": _NO_SUCH_FIELD,
    "maxLength": (
        "Mục “{label}” dài quá {limit} ký tự. Vui lòng viết ngắn lại.",
        "'{label}' is longer than {limit} {unit}. Please shorten it.",
    ),
    "minLength": (
        "Mục “{label}” cần ít nhất {limit} ký tự. Vui lòng điền đầy đủ.",
        "'{label}' needs at least {limit} {unit}. Please complete it.",
    ),
    "pattern": (
        "Mục “{label}” chưa đúng cách ghi. Vui lòng kiểm tra lại từng ký tự.",
        "'{label}' is not written in the expected way. Please check each character.",
    ),
    "enum": (
        "Mục “{label}” có giá trị ngoài danh sách. Vui lòng chọn một giá trị cho sẵn.",
        "'{label}' has a value outside the list. Please choose one of those offered.",
    ),
    "const": (
        "Mục “{label}” phải giữ giá trị cho sẵn. Vui lòng chọn lại giá trị đó.",
        "'{label}' must keep its given value. Please set it back.",
    ),
    "minimum": (
        "Mục “{label}” phải từ {limit} trở lên. Vui lòng sửa lại.",
        "'{label}' must be {limit} or more. Please correct it.",
    ),
    "maximum": (
        "Mục “{label}” phải từ {limit} trở xuống. Vui lòng sửa lại.",
        "'{label}' must be {limit} or less. Please correct it.",
    ),
    "exclusiveMinimum": (
        "Mục “{label}” phải lớn hơn {limit}. Vui lòng sửa lại.",
        "'{label}' must be more than {limit}. Please correct it.",
    ),
    "exclusiveMaximum": (
        "Mục “{label}” phải nhỏ hơn {limit}. Vui lòng sửa lại.",
        "'{label}' must be less than {limit}. Please correct it.",
    ),
    "multipleOf": (
        "Mục “{label}” phải là bội số của {limit}. Vui lòng sửa lại.",
        "'{label}' must be a multiple of {limit}. Please correct it.",
    ),
    "minItems": (
        "Mục “{label}” cần ít nhất {limit} dòng. Vui lòng thêm dòng.",
        "'{label}' needs at least {limit} {unit}. Please add what is missing.",
    ),
    "maxItems": (
        "Mục “{label}” có quá {limit} dòng. Vui lòng bỏ bớt.",
        "'{label}' has more than {limit} {unit}. Please remove some.",
    ),
    "uniqueItems": (
        "Mục “{label}” có dòng trùng nhau. Vui lòng bỏ dòng trùng.",
        "'{label}' has the same entry twice. Please remove one.",
    ),
    "forbidden-character": (
        "Mục “{label}” có ký tự điều khiển hoặc ký tự ẩn ({characters}). Vui lòng xóa phần đó và gõ lại.",
        "'{label}' holds control or invisible characters ({characters}). Please delete that part and type it again.",
    ),
    "glyph": (
        "Mục “{label}” có ký tự không in được trên văn bản: {characters}. Vui lòng viết lại bằng chữ khác.",
        "'{label}' has characters that cannot be printed on the document: {characters}. Please write it in other letters.",
    ),
    "personal-number-birth-date": (
        "Mục “{label}” không khớp với “{other}”: chữ số thứ 4 đến thứ 6 là thế kỷ và năm sinh. Vui lòng kiểm tra cả hai mục.",
        "'{label}' does not fit '{other}': digits 4 to 6 are the century and year of birth. Please check both.",
    ),
    "personal-number-sex": (
        "Mục “{label}” không khớp với “{other}”: chữ số thứ 4 chẵn là nam, lẻ là nữ. Vui lòng kiểm tra cả hai mục.",
        "'{label}' does not fit '{other}': digit 4 is even for men and odd for women. Please check both.",
    ),
    "date-order": (
        "“{label}” không được trước “{other}”. Vui lòng kiểm tra hai ngày này.",
        "'{label}' must not be before '{other}'. Please check the two dates.",
    ),
    "adult": (
        "Theo mục “{label}”, người này chưa đủ {years} tuổi. Vui lòng kiểm tra lại.",
        "By '{label}', this person is not yet {years} years old. Please check it.",
    ),
    "derived": (
        "Mục “{label}” do hệ thống tính từ các mục khác và có giá trị khác. Vui lòng bỏ mục này.",
        "'{label}' is computed from other entries, and with another value. Please leave it out.",
    ),
    "not-computed": (
        "Không tính được mục “{label}” từ các mục khác. Vui lòng kiểm tra các mục dùng để tính và không tự điền mục này.",
        "'{label}' cannot be computed from the other entries. Please check those that it follows from, and leave it out.",
    ),
    "at-least-one": (
        "Vui lòng điền mục “{label}” hoặc “{other}”.",
        "Please fill in '{label}' or '{other}'.",
    ),
    "same-person": (
        "Mục “{label}” phải là của chính người nêu ở mục “{other}”, vì tờ khai nêu hai nơi là một người. Vui lòng ghi giống nhau, "
        "hoặc chọn lại quan hệ.",
        "'{label}' must be that of the person named at '{other}', since the form says that both are the same. Please make them "
        "agree, or choose another relation.",
    ),
    "unique-rows": (
        "Mục “{label}” trùng với một dòng ở trên. Vui lòng sửa hoặc bỏ dòng này.",
        "'{label}' is the same as in an entry above. Please correct or remove this entry.",
    ),
}

FORMATS: dict[str, Sentence] = {
    "date": (
        "Mục “{label}” phải là một ngày có thật, viết theo dạng 2026-01-31 (năm-tháng-ngày).",
        "'{label}' must be a real date, written like 2026-01-31 (year-month-day).",
    ),
    "past-date": (
        "Mục “{label}” phải là một ngày có thật, không sau hôm nay, viết theo dạng 2026-01-31 (năm-tháng-ngày).",
        "'{label}' must be a real date, not after today, written like 2026-01-31 (year-month-day).",
    ),
    "past-partial-date": (
        "Mục “{label}” phải là ngày có thật, không sau hôm nay, viết theo dạng 2026-01-31; nếu giấy tờ chỉ ghi tháng và năm thì "
        "viết 1936-05, chỉ ghi năm thì viết 1936.",
        "'{label}' must be a real date, not after today, written like 2026-01-31; where the papers state only month and year, like "
        "1936-05, or the year alone, like 1936.",
    ),
    "personal-number": (
        "Mục “{label}” phải gồm đúng 12 chữ số như trên thẻ căn cước. Vui lòng kiểm tra mã nơi sinh, thế kỷ và giới tính.",
        "'{label}' must be the 12 digits of the identity card. Please check its codes of place, century and sex.",
    ),
    "phone": (
        "Mục “{label}” phải là số điện thoại 10 hoặc 11 chữ số bắt đầu bằng 0, hoặc bắt đầu bằng + và mã nước.",
        "'{label}' must be a telephone number of 10 or 11 digits starting with 0, or start with + and the country code.",
    ),
    "email": (
        "Mục “{label}” phải là một địa chỉ thư điện tử, ví dụ ten@vidu.vn.",
        "'{label}' must be an e-mail address, such as name@example.vn.",
    ),
}

TYPES: dict[tuple[str, ...], Sentence] = {
    ("string",): ("Mục “{label}” phải là chữ. Vui lòng điền lại.", "'{label}' must be text. Please fill it in again."),
    ("integer",): (
        "Mục “{label}” phải là một số nguyên. Vui lòng điền lại.",
        "'{label}' must be a whole number. Please fill it in again.",
    ),
    ("number",): (
        "Mục “{label}” phải là một số. Vui lòng điền lại.",
        "'{label}' must be a number. Please fill it in again.",
    ),
    ("boolean",): (
        "Mục “{label}” phải là có hoặc không. Vui lòng chọn lại.",
        "'{label}' must be yes or no. Please choose again.",
    ),
    ("array",): (
        "Mục “{label}” phải là một danh sách. Vui lòng điền lại.",
        "'{label}' must be a list. Please fill it in again.",
    ),
    ("object",): (
        "Mục “{label}” phải gồm các mục nhỏ bên trong. Vui lòng điền từng mục.",
        "'{label}' must have its parts filled in. Please fill in each of them.",
    ),
}

OTHERWISE: Sentence = (
    "Mục “{label}” chưa hợp lệ. Vui lòng kiểm tra và điền lại.",
    "'{label}' is not valid. Please check it and fill it in again.",
)
