"""Tokens that are good for one delivery: which delivery came with which."""

from sqlalchemy import Connection

from trainboard.deliveries import Delivery
from trainboard.store import hot


def spend(connection: Connection, delivery: Delivery) -> bool:
    """Note that `delivery` came with its token; False if another one did.

    The same delivery may come again with it, whose sender did not hear the answer.
    """
    if delivery.token is None:
        return True
    name = f"{delivery.source}/{delivery.id}"
    token = {
        "token": delivery.token.id,
        "delivery": name,
        "until": hot.moment(connection, delivery.token.until),
    }
    hot.execute(connection, _SPEND, token)
    first: str = hot.find_row(connection, _FIND, token)[0]
    return first == name


_SPEND = """
    INSERT INTO spent_tokens (token, delivery, until) VALUES (:token, :delivery, :until)
    ON CONFLICT DO NOTHING
"""
_FIND = "SELECT delivery FROM spent_tokens WHERE token = :token"
