"""Names of contents, as Git makes them."""

import hashlib


def name_blob(text):
    """The hash that Git knows this content by."""
    content = text.encode()
    return hashlib.sha1(b"blob %d\0%s" % (len(content), content)).hexdigest()
