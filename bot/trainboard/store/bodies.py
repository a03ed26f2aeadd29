"""Bodies of deliveries as they are stored: compressed, in the format of zlib."""

import zlib

from isal import isal_zlib


def pack(body: bytes) -> bytes:
    """Compress `body`. ISA-L's level 0 makes it about as small as zlib's level 1, in a sixth of the time."""
    packed: bytes = isal_zlib.compress(body, 0)
    return packed


def unpack(packed: bytes) -> bytes:
    """What `pack` was given."""
    return zlib.decompress(packed)
