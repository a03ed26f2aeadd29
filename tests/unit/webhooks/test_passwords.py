"""Passwords in headers: who is believed, whatever the header holds."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trainboard_webhooks.passwords import basic_authorization, header_value, is_basic, is_secret

PASSWORDS = ("new password", "old password")


def basic(text):
    return "Basic " + base64.b64encode(text if isinstance(text, bytes) else text.encode()).decode()


def test_the_example_of_the_rfc_comes_out():
    """RFC 7617 shows Aladdin with an open sesame, and a test with a pound sign in UTF-8."""
    assert "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==" == basic_authorization("Aladdin", "open sesame")
    assert "Basic dGVzdDoxMjPCow==" == basic_authorization("test", "123£")


@pytest.mark.parametrize("password", PASSWORDS)
@pytest.mark.parametrize("scheme", ["Basic", "basic", "BASIC"])
def test_any_of_the_passwords_is_believed(password, scheme):
    """While one is replaced by another; the scheme's name is of any case."""
    header = basic_authorization("hooks", password).replace("Basic", scheme)
    assert is_basic(header, "hooks", PASSWORDS)


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "Basic",
        "Basic ",
        "Basic =",
        "Basic é",
        "Basic \u20ac",
        "Bearer new password",
        basic("hooks:wrong"),
        basic("hooks:new password "),
        basic("hooks:new passwor"),
        basic("hook:new password"),
        basic("Hooks:new password"),
        basic(":new password"),
        basic("new password"),
        basic("hooks:"),
        basic(b"hooks:\xff"),
        basic("hooks:new password").replace("Basic ", "Basic\t"),
        basic("hooks:new password") + "!",
        basic("hooks:new password") * 2,
    ],
)
def test_anything_else_is_not(header):
    """A wrong user, a wrong password, or no basic authentication at all is False, never an error."""
    assert not is_basic(header, "hooks", PASSWORDS)


@given(st.text(), st.text())
def test_no_password_is_nobodys(user, password):
    """An empty password is never believed, whoever gives it."""
    assert not is_basic(basic_authorization("hooks", ""), "hooks", ["", ""])
    assert not is_secret("", ["", password]) or not password
    assert not is_basic(f"Basic {user}", "hooks", PASSWORDS)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_a_secret_of_any_characters_goes_through_a_header(secret):
    """A header carries the bytes of UTF-8."""
    assert is_secret(header_value(secret), ["other", secret])


@pytest.mark.parametrize("value", [None, "", "new", "new password ", "\u20ac", "NEW PASSWORD"])
def test_another_secret_is_not_believed(value):
    """Nor is a header that no wire carries."""
    assert not is_secret(value, PASSWORDS)
