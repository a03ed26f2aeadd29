"""Jobs that prove themselves by a token: can the keys be fetched by which they are known."""

from collections.abc import Iterator

from trainboard.diagnosis import Finding, failing
from trainboard.doctor import Subject
from trainboard.errors import TrainboardError

FIX = (
    "Let this machine reach that address by https, and check github_issuer, or entra_tenant, of the source. "
    "Until then jobs are told to come again."
)


def check(subject: Subject) -> Iterator[Finding]:
    """The keys of each issuer that the settings name."""
    for issuer, count_keys in subject.issuers().items():
        try:
            yield Finding(message=f"Jobs are known by {count_keys()} keys of {issuer}.")
        except TrainboardError as error:
            yield failing(str(error), FIX)
