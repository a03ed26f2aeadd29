"""The wiki of a project of Azure DevOps.

Source: "Pages - Create Or Update" of the REST API: without a version a page is made, with one it is changed
if it still has that. Names of versions hold their quotation marks.
"""

from typing import Any

from trainboard.azure_devops.calls import Call
from trainboard.azure_devops.client import Organization
from trainboard.azure_devops.faults import ConflictError, ExistsError
from trainboard.azure_devops.models import wiki as models
from trainboard.errors import MissingError, PermanentError
from trainboard.wikis import Page, StaleError

ABOVE = "What Trainboard reports of each sprint.\n"
_PROJECT_WIKI = "projectWiki"


class AzureWiki:
    """The project's own wiki, or the first of its code wikis.

    Args:
        organization: where the project is.
        project: its name.
    """

    def __init__(self, *, organization: Organization, project: str) -> None:
        self._organization = organization
        self._project = project
        self._wiki: str | None = None
        self.name = f"azure-wiki:{organization.url}/{project}"

    def find_page(self, path: str) -> Page | None:
        """The page as it stands now."""
        wiki = self._find_wiki()
        call = Call(doing=f"read the wiki's page {path}", thing="the page")
        try:
            found = self._organization.ask(
                call,
                lambda clients: clients.wiki.get_page(
                    project=self._project, wiki_identifier=wiki, path=path, include_content=True
                ),
            )
        except MissingError:
            return None
        return _to_page(found)

    def put_page(self, path: str, text: str, version: str) -> Page:
        """Write the page, and the one above it first if that is missing."""
        try:
            return self._put(path, text, version)
        except (ConflictError, ExistsError) as error:
            raise StaleError(str(error)) from error
        except MissingError as error:
            if version:
                raise StaleError(str(error)) from error
        above = path.rpartition("/")[0]
        if self.find_page(above) is None:
            self._put(above, ABOVE, "")
        return self._put(path, text, "")

    def _put(self, path: str, text: str, version: str) -> Page:
        wiki = self._find_wiki()
        call = Call(
            doing=f"write the wiki's page {path}", writes=True, thing="the page, or the one above it,"
        )
        made = self._organization.ask(
            call,
            lambda clients: clients.wiki.create_or_update_page(
                parameters=models.WikiPageCreateOrUpdateParameters(content=text),
                project=self._project,
                wiki_identifier=wiki,
                path=path,
                version=version or None,
                comment="Report of a sprint",
            ),
        )
        return _to_page(made)

    def _find_wiki(self) -> str:
        if self._wiki is None:
            call = Call(doing=f"list the wikis of {self._project}")
            wikis = self._organization.ask(call, lambda clients: clients.wiki.get_all_wikis(self._project))
            if not wikis:
                raise PermanentError(f"Project {self._project} has no wiki: make one on its page Wiki.")
            own = [each for each in wikis if each.type == _PROJECT_WIKI]
            self._wiki = str((own or wikis)[0].id)
        return self._wiki


def _to_page(found: Any) -> Page:
    version = found.e_tag if hasattr(found, "e_tag") else found.eTag
    text = version[0] if isinstance(version, list) else version
    return Page(text=found.page.content or "", version=text or "", url=found.page.remote_url or "")
