"""A repository in memory with one pull request, which fails as a test says."""

from fakes.repositories import FakeRepository


class TroubledRepository(FakeRepository):
    """Has pull request 7, notes in `calls` what it was asked, and fails.

    Args:
        commits: those that the pull request was ever at.
        clock: the time there.
    """

    def __init__(self, *commits, clock):
        super().__init__(clock=clock)
        self.person_opens("Widen the trees", number=7, head=commits[0], paths=["src/train.py"])
        self.pull = self.pulls[7]
        self.pull.commits[:] = commits
        self.calls = []
        self._failures = {}

    def fails(self, call, error, *, after=False):
        """The next call of that name raises the error, `after` it was done or before."""
        self._failures[call] = error, after

    def create_comment(self, number, body):
        return self._ask("create_comment", number, body)

    def update_comment(self, number, comment_ref, body):
        return self._ask("update_comment", number, comment_ref, body)

    def list_comments(self, number):
        return self._ask("list_comments", number)

    def list_files(self, number):
        return self._ask("list_files", number)

    def read_text(self, path, at, most_bytes):
        return self._ask("read_text", path, at, most_bytes)

    def set_gate(self, number, gate):
        return self._ask("set_gate", number, gate)

    def _ask(self, call, *arguments):
        self.calls.append(call)
        error, after = self._failures.pop(call, (None, False))
        if error is not None and not after:
            raise error
        answer = getattr(super(), call)(*arguments)
        if error is not None:
            raise error
        return answer
