"""Names of work items in descriptions of pull requests, by which a tracker links the two."""

import re

from trainboard.markers import Markers

_NOT_READ = re.compile(r"<!--.*?(?:-->|\Z)|```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)


def ensure_mention(body: str, mention: str, markers: Markers, key: str) -> str:
    """`body` with `mention` in it, such as `AB#12`; as it is, where somebody wrote that already.

    The bot's names stand in its own part, one on a line. What is in comments and code names nothing.
    """
    wanted = re.compile(rf"(?<!\w){re.escape(mention)}(?!\w)", re.IGNORECASE)
    ours = markers.inside(body)
    if wanted.search(_NOT_READ.sub(" ", body)) or mention in ours.splitlines():
        return body
    return markers.replace(body, key, f"{ours}\n{mention}")
