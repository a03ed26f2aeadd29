"""The page of a wiki that holds the report of a sprint."""

import hashlib

from msgspec.structs import replace

from trainboard.applying import Outside
from trainboard.applying.report_letters import Written
from trainboard.effects import EnsureReport
from trainboard.fingerprints import report_key
from trainboard.rendering.report.kept import fit_report
from trainboard.store import report_places
from trainboard.store.report_places import ReportPlace
from trainboard.wikis import Page, StaleError

MOST_BYTES = 1_000_000
UNKNOWN = "The settings name no way into the project's wiki."
IS_FINAL = "The sprint is over, and its report final."

_TARGET = "wiki"


def keep_page(effect: EnsureReport, written: Written, outside: Outside) -> tuple[str, str]:
    """The page shows the report: one call, if nobody else changed it. Answers what came of it, and why.

    The page's version is asked for with each write, so that nothing that people wrote there is lost; its path
    is made of names of ours, so that to write it twice is to write it once.
    """
    wiki = outside.wikis.get(effect.project)
    if wiki is None:
        return "refused", UNKNOWN
    path = f"/Sprint reports/{effect.project}-{effect.number}"
    with outside.database.read() as connection:
        known = report_places.find(connection, effect.project, effect.number, _TARGET)
    if known is not None and known.state == "closed" and not effect.is_final:
        return "skipped", IS_FINAL
    key, markers = report_key(effect.project, effect.number), outside.markers_in(wiki.name)
    text = fit_report(written.text, MOST_BYTES, written.ending)
    digest = hashlib.sha256(text.encode()).hexdigest()
    if known is None or known.digest != digest:
        try:
            page = wiki.put_page(path, markers.wrap(key, text), known.version if known else "")
        except StaleError:
            standing = wiki.find_page(path)
            body = markers.replace(standing.text, key, text) if standing else markers.wrap(key, text)
            page = wiki.put_page(path, body, standing.version if standing else "")
        _note(effect, wiki.name, path, page, digest, outside)
    return "delivered", ""


def _note(effect: EnsureReport, name: str, path: str, page: Page, digest: str, outside: Outside) -> None:
    place = ReportPlace(
        project=effect.project,
        number=effect.number,
        target=_TARGET,
        place=name,
        ref=path,
        url=page.url,
        digest=digest,
        version=page.version,
        written_at=outside.clock(),
    )
    with outside.database.write() as connection:
        report_places.put(connection, replace(place, state="closed" if effect.is_final else "open"))
