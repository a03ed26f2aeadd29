"""Pages as people read them."""

import re


def words(html):
    """The text without its elements, white space folded."""
    return " ".join(re.sub("<[^>]*>", " ", html).split())
