"""Pages are made when somebody asks for one, and once."""

from werkzeug.test import Client
from werkzeug.wrappers import Response

from trainboard.web.later import Later


def test_an_application_is_made_with_its_first_request():
    """And serves all that follow."""
    made = []

    def make():
        made.append(len(made))
        return Response(f"page {len(made)}")

    later = Later(make)
    assert [] == made
    assert ["page 1", "page 1"] == [Client(later).get("/").text for _ in range(2)]
