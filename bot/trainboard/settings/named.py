"""What every entry of `[[sources]]` has."""

from pydantic import Field

from trainboard.settings.section import Section
from trainboard.settings.values import Slug

KIND = "Kind of the source; it decides which other keys there are."


class NamedSource(Section):
    """A configured source."""

    name: Slug = Field(description="Name of the source, unique within its kind; part of the webhook's path.")
    project: Slug = Field(description="Name of the project that what comes in here is about.")
