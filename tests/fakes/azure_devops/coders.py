"""What people do in repositories, told in one line each."""

import hashlib

from fakes.azure_devops.git import Repository
from fakes.azure_devops.pull_requests import PullRequest
from fakes.azure_devops.shapes import identity_ref, iso
from fakes.azure_devops.threads import Thread, add_comment

ZEROS = "0" * 40


class Coders:
    """The acts of people in an organisation's repositories; `who` is Ana unless somebody else is named."""

    def add_repository(self, project, name):
        """Make a repository with a commit on `main`."""
        where = self.find_project(project)
        made = where.repositories[name.casefold()] = Repository(name, where)
        made.refs["refs/heads/main"] = self.new_commit()
        made.trees[made.refs["refs/heads/main"]] = {}
        return made

    def new_commit(self):
        """The hash of a commit that nothing else has."""
        return hashlib.sha1(str(self.new_id("commit")).encode()).hexdigest()

    def person_pushes(self, repository, branch="refs/heads/main", *, who=None, files=None):
        """Somebody pushes a commit; pull requests from the branch get an iteration. Returns the commit.

        `files` are texts by path, None for what is removed.
        """
        before, commit = repository.refs.get(branch, ZEROS), self.new_commit()
        repository.refs[branch] = commit
        changed = repository.trees.get(before, {}) | (files or {})
        repository.trees[commit] = {path: text for path, text in changed.items() if text is not None}
        for pull in repository.pulls.values():
            if pull.source == branch and pull.status == "active":
                pull.paths.extend(path for path in files or () if path not in pull.paths)
                pull.iterations.append((commit, self.now))
                self.announce_pull("updated", pull, notificationType="PushNotification")
        push = self._render_push(repository, branch, before, commit, who or self.ana)
        repository.pushes.append(push)
        facts = {"repository": repository.id, "branch": branch, "pushedBy": (who or self.ana).id}
        self.announce("git.push", (repository, push), **facts, projectId=repository.project.id)
        return commit

    def _render_push(self, repository, branch, before, commit, who):
        url = f"{self.url}/{repository.project.id}/_apis/git/repositories/{repository.id}"
        author = {"name": who.display_name, "email": who.unique_name, "date": iso(self.now)}
        number = self.new_id("push")
        return {
            "commits": [{"commitId": commit, "author": author, "committer": author, "comment": "A change"}],
            "refUpdates": [{"name": branch, "oldObjectId": before, "newObjectId": commit}],
            "repository": {
                "id": repository.id,
                "name": repository.name,
                "url": url,
                "project": {"id": repository.project.id, "name": repository.project.name},
                "defaultBranch": "refs/heads/main",
            },
            "pushedBy": identity_ref(self, who),
            "pushId": number,
            "date": iso(self.now),
            "url": f"{url}/pushes/{number}",
        }

    def person_builds_on(self, repository, commit):
        """Somebody's commit has that one before it, on whatever branch. Returns the new one."""
        made = self.new_commit()
        repository.parents[made] = commit
        return made

    def person_opens_pull(self, repository, title, *, source, target="refs/heads/main", who=None, **more):
        """Somebody opens a pull request; `more` are fields of a `PullRequest`."""
        commit = repository.refs.setdefault(source, self.new_commit())
        repository.trees.setdefault(commit, dict(repository.trees.get(repository.refs.get(target), {})))
        pull = PullRequest(
            self.new_id("pull request"), repository, title, who or self.ana, self.now, source, target, **more
        )
        pull.iterations.append((commit, self.now))
        repository.pulls[pull.id] = pull
        self.announce_pull("created", pull)
        return pull

    def person_ends_pull(self, pull, status="completed"):
        """Somebody completes a pull request, abandons it or opens it again."""
        pull.status = status
        pull.closed_at = None if status == "active" else self.now
        if status == "completed":
            pull.repository.refs[pull.target] = pull.merged_as
            self.announce_pull("merged", pull, mergeResult="Succeeded")
        self.announce_pull("updated", pull, notificationType="StatusUpdateNotification")

    def person_votes(self, pull, vote, *, who=None):
        """Somebody votes: 10 approved, 5 with suggestions, 0 none, -5 waits, -10 rejected."""
        who = who or self.ben
        pull.reviewers = [each for each in pull.reviewers if each["id"] != who.id]
        more = {
            "vote": vote,
            "hasDeclined": False,
            "isFlagged": False,
            "isRequired": False,
            "reviewerUrl": "",
        }
        pull.reviewers.append(identity_ref(self, who) | more)
        self.announce_pull("updated", pull, notificationType="ReviewerVoteNotification")

    def person_comments_on_pull(self, pull, text, *, thread=None, who=None):
        """Somebody comments, in a new thread unless one is given. Returns the thread."""
        if thread is None:
            thread = Thread(self.new_id("thread"), self.now, self.now, "active")
            pull.threads.append(thread)
        add_comment(self, pull, thread, text, who or self.ana)
        return thread

    def announce_pull(self, what, pull, **facts):
        """Something happened to a pull request: created, updated or merged."""
        known = {
            "projectId": pull.repository.project.id,
            "repository": pull.repository.id,
            "branch": pull.target,
            "pullrequestCreatedBy": pull.by.id,
            "pullrequestReviewersContains": [each["id"] for each in pull.reviewers],
        }
        self.announce(f"git.pullrequest.{what}", pull, **known, **facts)
