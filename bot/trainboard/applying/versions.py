"""Which run made a version of a model that somebody told without it."""

from trainboard.applying import Outside, polled
from trainboard.effects import FindVersion
from trainboard.events import ModelChanged

APPLIES = FindVersion


def apply(effect: FindVersion, outside: Outside) -> None:
    """Ask the registry; the answer comes in as if the registry had told it by itself.

    Nothing where the version is gone, or was made of a file by no run.
    """
    made = outside.readers[effect.door].find_version(effect.model, effect.version)
    if made is None or made.run_id is None:
        return
    told = ModelChanged(
        door=effect.door,
        action="version",
        model=effect.model,
        version=effect.version,
        at=made.at,
        run_id=made.run_id,
    )
    polled.accept([polled.make_model_delivery(told)], outside, outside.clock())
