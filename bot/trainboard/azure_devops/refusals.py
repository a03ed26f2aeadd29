"""What Azure DevOps writes into an answer that refuses."""

import msgspec

from trainboard.azure_devops.calls import Answer

LONGEST_REASONS = 500


class FieldFault(msgspec.Struct, frozen=True, rename="camel"):
    """Which rule of the process a field breaks; `field_status_flags` is such as `required, invalidEmpty`."""

    field_reference_name: str = ""
    field_status_flags: str | None = None
    error_message: str | None = None


class Properties(msgspec.Struct, frozen=True):
    """What goes with an exception, of which we know this one."""

    faults: list[FieldFault] | None = msgspec.field(default=None, name="RuleValidationErrors")


class SystemMessage(msgspec.Struct, frozen=True):
    """An exception that nobody wrapped."""

    message: str = msgspec.field(default="", name="Message")


class Body(msgspec.Struct, frozen=True, rename="camel"):
    """The three forms in which exceptions come.

    Source: `WrappedException`, `SystemException` and `ImproperException` of the package `azure-devops`.
    """

    message: str | None = None
    type_key: str | None = None
    custom_properties: Properties | None = None
    value: SystemMessage | None = None
    system_message: str | None = msgspec.field(default=None, name="Message")


class Refusal(msgspec.Struct, frozen=True, kw_only=True):
    """Why a call was refused: in words, by the exception's name, and by field. Each may be missing."""

    message: str = ""
    type_key: str = ""
    faults: tuple[FieldFault, ...] = ()

    def render_reasons(self) -> str:
        """The message, and what is wrong with each field, as one line without its full stop."""
        parts = [self.message, *map(_render_fault, self.faults)]
        return "; ".join(part.rstrip(".") for part in parts if part)[:LONGEST_REASONS]


def parse_refusal(answer: Answer) -> Refusal:
    """What the answer says; nothing if it is a page for people or of no form that we know."""
    try:
        body = msgspec.json.decode(answer.text, type=Body | None)
    except msgspec.DecodeError:
        is_text = "text/plain" in answer.headers.get("content-type", "")
        return Refusal(message=" ".join(answer.text.split())) if is_text else Refusal()
    if body is None:
        return Refusal()
    message = body.message or body.system_message or (body.value.message if body.value else "")
    properties = body.custom_properties
    return Refusal(
        message=" ".join(message.split()),
        type_key=body.type_key or "",
        faults=tuple((properties.faults if properties else None) or ()),
    )


def _render_fault(fault: FieldFault) -> str:
    why = fault.field_status_flags or fault.error_message
    return f"{fault.field_reference_name}: {why}" if why else fault.field_reference_name
