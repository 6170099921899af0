"""What goes wrong with registers of people."""

from types import MappingProxyType

from chauban.errors.root import ChaubanError


class RegistryError(ChaubanError):
    """Root of what goes wrong with a register; the form can always be filled in by hand."""


class RegistryRefused(RegistryError):
    code, status = "registry-refused", 409
    title = MappingProxyType({"vi": "Không tra cứu được.", "en": "The register refused."})
    text = MappingProxyType(
        {
            "vi": "Cơ sở dữ liệu không cho tra cứu hoặc không có người này theo họ tên và số định danh đã dùng. Hãy tự điền.",
            "en": "The register refused, or does not know this person by that name and number. Please fill in the form.",
        }
    )


class RegistryUnavailable(RegistryError):
    code, status = "registry-unavailable", 503
    title = MappingProxyType({"vi": "Cơ sở dữ liệu chưa trả lời.", "en": "The register does not answer."})
    text = MappingProxyType(
        {
            "vi": "Cơ sở dữ liệu chưa trả lời kịp. Hãy thử lại sau ít phút, hoặc tự điền vào tờ khai.",
            "en": "The register did not answer in time. Try again in a few minutes, or fill in the form yourself.",
        }
    )


class RegistryAnswerUnusable(RegistryError):
    code, status = "registry-answer-unusable", 502
    title = MappingProxyType({"vi": "Dữ liệu tra cứu không dùng được.", "en": "The register's answer cannot be used."})
    text = MappingProxyType(
        {
            "vi": "Cơ sở dữ liệu trả lời không đúng dạng hoặc không đúng người, nên không được dùng. Hãy tự điền vào tờ khai.",
            "en": "The register's answer has the wrong shape or is of somebody else and is not used. Fill in the form yourself.",
        }
    )
