"""A repository in memory, which can fail as platforms do."""

from datetime import UTC, datetime

from trainboard.work_items import Comment

MADE_AT = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


class FakeRepository:
    """Has pull request 7, with `comments` by ref and `gates` in order; `calls` are what it was asked.

    `failures` are errors by the name of a call, each raised once, in order; with `done_before` the call is
    done before it fails.
    """

    name = "github:acme/churn"

    def __init__(self, paths=("src/train.py",)):
        self.paths = list(paths)
        self.comments = {}
        self.gates = []
        self.calls = []
        self.failures = {}
        self.done_before = False

    def fails(self, call, *errors, done_before=False):
        """The next calls of that name raise these errors, one each."""
        self.failures[call] = list(errors)
        self.done_before = done_before

    def create_comment(self, number, body):
        with _Call(self, "create_comment", number):
            ref = str(len(self.comments) + 1)
            self.comments[ref] = body
            return Comment(ref=ref, body=body, created_at=MADE_AT, ours=True)

    def update_comment(self, number, comment_ref, body):
        with _Call(self, "update_comment", number):
            self.comments[comment_ref] = body
            return Comment(ref=comment_ref, body=body, created_at=MADE_AT, ours=True)

    def list_comments(self, number):
        with _Call(self, "list_comments", number):
            return [
                Comment(ref=ref, body=body, created_at=MADE_AT, ours=not body.startswith("> "))
                for ref, body in self.comments.items()
            ]

    def list_paths(self, number):
        with _Call(self, "list_paths", number):
            return list(self.paths)

    def set_gate(self, number, gate):
        with _Call(self, "set_gate", number):
            self.gates.append(gate)


class _Call:
    """Notes the call; raises its next failure before it is done, or after."""

    def __init__(self, repository, name, number):
        assert number == 7
        repository.calls.append(name)
        errors = repository.failures.get(name)
        self._error = errors.pop(0) if errors else None
        if self._error is not None and not repository.done_before:
            raise self._error

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        if self._error is not None:
            raise self._error
