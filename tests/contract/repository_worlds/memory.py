"""The repository in memory, which other tests take for a real one."""

from contextlib import contextmanager

from fakes.repositories import FakeRepository


class MemoryWorld:
    """A repository without a platform."""

    author = "ana"
    neutral = "neutral"

    def __init__(self):
        self.repository = FakeRepository()
        self.person_opens = self.repository.person_opens
        self.person_pushes = self.repository.person_pushes
        self.person_builds_on = self.repository.person_builds_on
        self.person_tags = self.repository.person_tags
        self.person_writes = self.repository.person_writes
        self.person_merges = self.repository.person_merges
        self.person_ends = self.repository.person_ends
        self.person_comments = self.repository.person_comments

    def find_gate(self, number, gate):
        found = self.repository.find_gate(number, gate.name, gate.commit)
        return (found.state, found.title) if found else None

    def count_writes(self):
        return self.repository.writes

    def is_blocked(self, number):  # noqa: ARG002  nothing there can be
        return False

    @contextmanager
    def outage(self):
        self.repository.is_down = True
        yield
        self.repository.is_down = False


@contextmanager
def open_world(request):
    yield MemoryWorld()
