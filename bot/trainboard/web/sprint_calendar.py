"""The sprints as a calendar that other programs subscribe to."""

import flask

from trainboard.web.site import Site


def add(blueprint: flask.Blueprint, site: Site) -> None:
    """Add the address of the calendar to `blueprint`."""

    def calendar() -> flask.Response:
        from trainboard.web.sprint_events import make_calendar

        wanted = flask.request.args.get("project")
        projects = site.projects.values() if wanted is None else [site.get_project(wanted)]
        with site.database.read() as connection:
            text = make_calendar(site, connection, projects).to_ical(sorted=False)
        response = flask.Response(text, content_type="text/calendar; charset=utf-8")
        response.headers["Content-Disposition"] = "inline; filename=sprints.ics"
        response.headers["Cache-Control"] = "private, no-cache"
        response.add_etag()
        response.make_conditional(flask.request)
        return response

    blueprint.add_url_rule("/sprints.ics", "calendar", calendar)
