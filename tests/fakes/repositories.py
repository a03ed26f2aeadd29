"""A repository in memory, for tests of what speaks on pull requests."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from msgspec.structs import replace

from fakes.blobs import name_blob
from trainboard.errors import MissingError, OversizedError, TransientError
from trainboard.model_tags import Tag
from trainboard.pull_requests import PullRequest
from trainboard.repositories import MOST_FILES, ChangedFile, Gate
from trainboard.work_items import Comment


@dataclass
class FakePull:
    """A pull request with its comments, the paths that it changes and the gates, each the latest last.

    `files` are the texts that it changes, None for what it removes; `trees` the same for each commit.
    """

    pull_request: PullRequest
    commits: list[str]
    paths: list[str] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    gates: list[Gate] = field(default_factory=list)
    files: dict[str, str | None] = field(default_factory=dict)
    trees: dict[str, dict[str, str | None]] = field(default_factory=dict)


class FakeRepository:
    """Keeps `trainboard.repositories.Repository`, counts what is written, and can be out of reach.

    Args:
        name: its full name.
        clock: the time now; without it each look is a second later.
    """

    def __init__(self, name="github:acme/churn", clock=None):
        self.name = name
        self.pulls: dict[int, FakePull] = {}
        self.files: dict[str, str] = {}
        self.reads: list[tuple[str, str]] = []
        self.writes = 0
        self.is_down = False
        self._clock = clock
        self.parents: dict[str, str] = {}
        self.tags: list[Tag] = []
        self.asked_within: list[tuple[str, str]] = []
        self.refusal: Exception | None = None
        self._now = datetime(2026, 1, 5, 9, tzinfo=UTC)
        self._last_comment = 0

    def person_opens(self, title, *, text="", paths=(), number=None, **fields):
        """Somebody opens a pull request; `fields` are further ones of a `PullRequest`. Returns its number."""
        number = number or max(self.pulls, default=0) + 1
        head = fields.pop("head", None) or self._commit(f"{number}/1")
        usual = {"state": "open", "branch": "try", "base": "main", "author": "ana"}
        pull = PullRequest(
            code=self.name,
            number=number,
            title=title,
            text=text,
            head=head,
            at=self._tick(),
            url=f"https://code.example/{number}",
            **usual | fields,
        )
        self.pulls[number] = FakePull(pull, [head], list(paths))
        return number

    def person_pushes(self, number, *paths):
        """Somebody pushes a commit. Returns it."""
        pull = self.pulls[number]
        commit = self._commit(f"{number}/{len(pull.commits) + 1}")
        pull.commits.append(commit)
        pull.paths += [path for path in paths if path not in pull.paths]
        self._change(number, head=commit)
        return commit

    def person_builds_on(self, commit):
        """Somebody's commit has that one before it. Returns the new one."""
        made = self._commit(f"on {commit} {len(self.parents)}")
        self.parents[made] = commit
        return made

    def person_tags(self, name, commit):
        """Somebody puts a tag on a commit."""
        self.tags.append(Tag(name, commit))

    def list_tags(self):
        if self.is_down:
            raise TransientError("the repository is out of reach")
        return list(self.tags)

    def person_writes(self, number, path, text):
        """Somebody pushes a commit that leaves this text in a file, or none of it. Returns the commit."""
        pull = self.pulls[number]
        pull.files[path] = text
        commit = self.person_pushes(number, path)
        pull.trees[commit] = dict(pull.files)
        return commit

    def person_merges(self, path, text):
        """The base has this text in a file."""
        self.files[path] = text

    def person_ends(self, number, *, merged):
        """Somebody merges a pull request, or closes it."""
        if merged:
            self._change(number, state="merged", merged_as=self._commit(f"{number}/merged"))
        else:
            self._change(number, state="closed")

    def person_comments(self, number, body):
        """Somebody comments."""
        self.pulls[number].comments.append(self._make_comment(body, ours=False))

    def get_pull_request(self, number):
        return self._find(number).pull_request

    def describe(self, number, text):
        self._find(number)
        self.writes += 1
        self._change(number, text=text)

    def create_comment(self, number, body):
        pull = self._find(number)
        self.writes += 1
        pull.comments.append(self._make_comment(body, ours=True))
        return pull.comments[-1]

    def update_comment(self, number, comment_ref, body):
        comments = self._find(number).comments
        for place, comment in enumerate(comments):
            if comment.ref == comment_ref:
                self.writes += 1
                comments[place] = Comment(
                    ref=comment.ref, body=body, created_at=comment.created_at, ours=comment.ours
                )
                return comments[place]
        raise MissingError(f"There is no comment {comment_ref}.")

    def list_comments(self, number):
        return list(self._find(number).comments)

    def list_files(self, number):
        pull = self._find(number)
        return [
            ChangedFile(
                path=path,
                blob=name_blob(pull.files.get(path) or ""),
                former=path if path in self.files or path not in pull.files else None,
                is_removed=path in pull.files and pull.files[path] is None,
            )
            for path in pull.paths[:MOST_FILES]
        ]

    def read_text(self, path, at, most_bytes):
        self.reads.append((path, at))
        if self.is_down:
            raise TransientError(f"{self.name} is out of reach.")
        trees = [pull.trees[at] for pull in self.pulls.values() if at in pull.trees]
        text = (self.files | trees[0] if trees else self.files).get(path)
        if text is None or not (trees or at == "refs/heads/main"):
            raise MissingError(f"There is no file {path!r} at {at} in {self.name}.")
        if len(text.encode()) > most_bytes:
            raise OversizedError(f"{path!r} has more than {most_bytes} bytes.")
        return text

    def contains(self, commit, within):
        if self.is_down:
            raise TransientError(f"{self.name} is out of reach.")
        if self.refusal:
            raise self.refusal
        self.asked_within.append((commit, within))
        known = {*self.parents, *self.parents.values()}
        known |= {
            made for pull in self.pulls.values() for made in (*pull.commits, pull.pull_request.merged_as)
        }
        for wanted in (commit, within):
            if wanted not in known:
                raise MissingError(f"There is no commit {wanted} in {self.name}.")
        later = within
        while later not in {None, commit}:
            later = self.parents.get(later)
        return later == commit

    def set_gate(self, number, gate):
        pull = self._find(number)
        if gate.commit not in pull.commits:
            raise MissingError(f"Pull request {number} never was at commit {gate.commit}.")
        if self.find_gate(number, gate.name, gate.commit) != gate:
            self.writes += 1
            pull.gates.append(gate)

    def find_gate(self, number, name, commit):
        """The latest gate of that name on that commit, None if there is none."""
        gates = reversed(self.pulls[number].gates)
        return next((gate for gate in gates if (gate.name, gate.commit) == (name, commit)), None)

    def _find(self, number):
        if self.is_down:
            raise TransientError(f"{self.name} is out of reach.")
        if number not in self.pulls:
            raise MissingError(f"There is no pull request {number} in {self.name}.")
        return self.pulls[number]

    def _change(self, number, **fields):
        pull = self.pulls[number]
        pull.pull_request = replace(pull.pull_request, at=self._tick(), **fields)

    def _make_comment(self, body, *, ours):
        self._last_comment += 1
        return Comment(ref=str(self._last_comment), body=body, created_at=self._tick(), ours=ours)

    def _tick(self):
        self._now += timedelta(seconds=1)
        return self._clock() if self._clock else self._now

    def _commit(self, name):
        return hashlib.sha1(f"{self.name}/{name}".encode()).hexdigest()
