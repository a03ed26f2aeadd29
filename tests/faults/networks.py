"""What happens between the bot and the tracker for an hour of the bot's clock."""

import requests

from fakes.azure_devops import faults as azure_faults
from fakes.github import Fault
from faults import fault
from faults.answers import all_answered, answers_to_writes_lost
from faults.stages import AZURE, GITHUB

BOTH = (GITHUB, AZURE)


@fault("connections to the tracker are refused", places=BOTH)
def refused(stage):
    """Nobody listens there."""
    stage.platform.is_down = True
    yield
    stage.platform.is_down = False


@fault("the tracker is a black hole", places=BOTH)
def black_hole(stage):
    """No request gets there, no answer comes."""
    silence = Fault(error=requests.ReadTimeout("read timed out"))
    with all_answered(stage.platform, silence, azure_faults.hang()):
        yield


@fault("answers to writes are lost", places=BOTH)
def answers_lost(stage):
    """The tracker does each, and the connection breaks before it has said so."""
    with answers_to_writes_lost(stage.platform):
        yield
