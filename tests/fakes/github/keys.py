"""An App's private key, made once a process."""

from functools import cache

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa


@cache
def make_key():
    """The key itself."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


@cache
def make_pem():
    """The key as GitHub hands it out."""
    plain = serialization.NoEncryption()
    form = serialization.PrivateFormat.TraditionalOpenSSL
    return make_key().private_bytes(serialization.Encoding.PEM, form, plain).decode()
