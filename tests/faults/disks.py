"""There is no room on the disk."""

from sqlalchemy import text

from faults import fault
from faults.grounds import SQLITE
from faults.pragmas import pragma
from faults.stages import GITHUB, LOCAL


@fault("the disk is full", places=(LOCAL, GITHUB), grounds=(SQLITE,))
def sqlite_full(stage):
    """The file has room for a page more."""
    with stage.database.read() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
    with pragma(stage.database, f"max_page_count={pages + 1}"):
        yield
        stage.expect("somebody was refused", stage.bot.answers[503] > 0)
        stage.expect("it is not ready", not stage.is_ready)
