"""Pull requests and what is said of commits, as the JSON that GitHub answers with."""

from datetime import datetime
from urllib.parse import quote

from fakes.blobs import name_blob

COUNTS = ("additions", "changed_files", "comments", "commits", "deletions", "review_comments")


def iso(moment: datetime | None):
    return moment and moment.strftime("%Y-%m-%dT%H:%M:%SZ")


class PullShapes:
    """What `Shapes` renders of pull requests and commits."""

    def pull(self, repository, pull):
        home, number = self.home(repository), pull.number
        url, issue = f"{home}/pulls/{number}", f"{home}/issues/{number}"
        page = f"https://github.com/{repository.name}/pull/{number}"
        addresses = {
            "html_url": page,
            "issue_url": issue,
            "comments_url": f"{issue}/comments",
            "commits_url": f"{url}/commits",
            "review_comments_url": f"{url}/comments",
            "review_comment_url": f"{url}/comments{{/number}}",
            "statuses_url": f"{home}/statuses/{pull.commits[-1]}",
        }
        links = {name.removesuffix("_url"): {"href": address} for name, address in addresses.items()}
        return {
            "id": pull.id,
            "node_id": f"PR_{pull.id}",
            "url": url,
            **addresses,
            "_links": links | {"self": {"href": url}},
            "diff_url": f"{page}.diff",
            "patch_url": f"{page}.patch",
            "number": number,
            "title": pull.title,
            "body": pull.body,
            "user": self.user(pull.author.login, pull.author.id),
            "state": pull.state,
            "draft": pull.is_draft,
            "locked": False,
            "head": self.end(repository, pull.branch, pull.commits[-1], is_fork=pull.from_fork),
            "base": self.end(repository, "main", "f" * 40),
            **self.merging(pull),
            **dict.fromkeys(COUNTS, 0),
            "maintainer_can_modify": False,
            "labels": [self.label(repository, name) for name in pull.labels],
            "assignee": None,
            "milestone": None,
            "author_association": "CONTRIBUTOR",
            "created_at": iso(pull.created_at),
            "updated_at": iso(pull.updated_at),
            "closed_at": iso(pull.closed_at),
        }

    def tag(self, repository, name, commit):
        page = f"https://github.com/{repository.name}"
        return {
            "name": name,
            "commit": {"sha": commit, "url": f"{self.home(repository)}/commits/{commit}"},
            "zipball_url": f"{page}/zipball/{name}",
            "tarball_url": f"{page}/tarball/{name}",
            "node_id": f"REF_{name}",
        }

    def comparison(self, repository, base, head, status):
        url, page = (
            f"{self.home(repository)}/compare/{base}...{head}",
            f"https://github.com/{repository.name}",
        )
        return {
            "url": url,
            "html_url": f"{page}/compare/{base}...{head}",
            "permalink_url": f"{page}/compare/{base}...{head}",
            "diff_url": f"{page}/compare/{base}...{head}.diff",
            "patch_url": f"{page}/compare/{base}...{head}.patch",
            "base_commit": self.commit(repository, base),
            "merge_base_commit": self.commit(repository, base),
            "status": status,
            "ahead_by": int(status in {"ahead", "diverged"}),
            "behind_by": int(status in {"behind", "diverged"}),
            "total_commits": int(status in {"ahead", "diverged"}),
            "commits": [],
        }

    def commit(self, repository, sha):
        home, page = self.home(repository), f"https://github.com/{repository.name}/commit/{sha}"
        return {
            "url": f"{home}/commits/{sha}",
            "sha": sha,
            "node_id": f"C_{sha}",
            "html_url": page,
            "comments_url": f"{home}/commits/{sha}/comments",
            "commit": {
                "url": f"{home}/git/commits/{sha}",
                "author": None,
                "committer": None,
                "message": "A change",
                "comment_count": 0,
                "tree": {"sha": sha, "url": f"{home}/git/trees/{sha}"},
            },
            "author": None,
            "committer": None,
            "parents": [],
        }

    def merging(self, pull):
        """While it is open, GitHub tells the commit of a trial."""
        return {
            "auto_merge": None,
            "merged": pull.merged_at is not None,
            "merged_at": iso(pull.merged_at),
            "merged_by": None,
            "merge_commit_sha": pull.commits[-1][::-1],
            "mergeable": None,
            "mergeable_state": "unknown",
        }

    def end(self, repository, branch, commit, *, is_fork=False):
        owner = repository.name.split("/")[0]
        where = self.repository(repository)
        return {
            "label": f"{owner}:{branch}",
            "ref": branch,
            "sha": commit,
            "repo": where | {"id": 9_999, "fork": True} if is_fork else where,
            "user": self.user(owner),
        }

    def file(self, repository, pull, path):
        where, text = quote(path), pull.files.get(path, "")
        status = "modified" if path in repository.files or path not in pull.files else "added"
        return {
            "sha": name_blob(text or repository.files.get(path, "")),
            "filename": path,
            "status": "removed" if text is None else status,
            "additions": 1,
            "deletions": 0,
            "changes": 1,
            "blob_url": f"https://github.com/{repository.name}/blob/main/{where}",
            "raw_url": f"https://github.com/{repository.name}/raw/main/{where}",
            "contents_url": f"{self.home(repository)}/contents/{where}",
        }

    def check_run(self, repository, run):
        url = f"{self.home(repository)}/check-runs/{run.id}"
        page = f"https://github.com/{repository.name}/runs/{run.id}"
        said = {"title": None, "summary": None, "text": None} | run.output
        return {
            "id": run.id,
            "node_id": f"CR_{run.id}",
            "name": run.name,
            "head_sha": run.commit,
            "external_id": "",
            "url": url,
            "html_url": page,
            "details_url": run.details_url or page,
            "status": run.status,
            "conclusion": run.conclusion,
            "started_at": iso(run.started_at),
            "completed_at": iso(run.completed_at),
            "output": said | {"annotations_count": 0, "annotations_url": f"{url}/annotations"},
            "check_suite": {"id": 1},
            "app": self.app(run.app),
            "pull_requests": [],
        }

    def status(self, repository, status):
        return {
            "url": f"{self.home(repository)}/statuses/{status.commit}",
            "avatar_url": f"https://avatars.githubusercontent.com/u/{status.author.id}",
            "id": status.id,
            "node_id": f"SC_{status.id}",
            "state": status.state,
            "description": status.description,
            "target_url": status.target_url,
            "context": status.context,
            "created_at": iso(status.at),
            "updated_at": iso(status.at),
            "creator": self.user(status.author.login, status.author.id),
        }
