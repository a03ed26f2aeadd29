"""What service hooks tell of an event, at each version of the resource."""

from fakes.azure_devops import approvals, builds, history, relations, runs, threads
from fakes.azure_devops import pull_requests as pulls
from fakes.azure_devops.fields import render_value
from fakes.azure_devops.shapes import iso, links
from fakes.azure_devops.state import Identity, make_id
from fakes.azure_devops.work_items import render_comment_ref

OLD = ("1.0", "1.0-preview.1", "1.0-preview.2", "3.1-preview.3")


def render(org, kind, subject, version):
    """The event without what belongs to the delivery; the resource is as it is now."""
    project, resource, text = RENDERERS[kind](org, subject, version)
    message = {"text": text, "html": text, "markdown": text}
    with_project = not kind.startswith("ms.vss-pipelinechecks-events")
    return {
        "message": message,
        "detailedMessage": message,
        "resource": resource,
        "resourceContainers": _render_containers(org, project if with_project else None),
        "createdDate": iso(org.now),
    }


def _render_containers(org, project):
    url = f"{org.url}/"
    found = {name: {"id": make_id(name), "baseUrl": url} for name in ("collection", "account")}
    return found | ({"project": {"id": project.id, "baseUrl": url}} if project else {})


def render_sample(org, kind):
    """What the button `Test` sends: Fabrikam's things, which are nowhere."""
    project = {"id": "be9b3917-87e6-42a4-a549-2bc06a7a878f", "name": "FabrikamCloud"}
    message = {"text": "This is a test.", "html": "This is a test.", "markdown": "This is a test."}
    return {
        "message": message,
        "detailedMessage": message,
        "resource": {"id": 5, "url": "http://fabrikam.example/5", "project": project},
        "resourceContainers": {"project": {"id": project["id"]}},
        "createdDate": iso(org.now),
    }


def _render_fields(org, revision, version):
    """Before 5.1-preview.3 people are `Name <unique name>`, without an id."""

    def value_of(value):
        if isinstance(value, Identity) and version in OLD:
            return f"{value.display_name} <{value.unique_name}>"
        return render_value(org, value)

    return {name: value_of(value) for name, value in revision.fields.items()}


def _render_item(org, item, version):
    revision = item.revisions[-1]
    resource = {
        "id": item.id,
        "rev": revision.rev,
        "fields": _render_fields(org, revision, version),
        "multilineFieldsFormat": dict(revision.formats),
        "_links": links(self=relations.url_of(org, item)),
        "url": relations.url_of(org, item),
    }
    if item.relations:
        resource["relations"] = [relations.render(each) for each in item.relations]
    return item.project, resource, f"{item.type.name} #{item.id} ({item.title})"


def _render_commented(org, item, version):
    project, resource, text = _render_item(org, item, version)
    last = [each for each in item.revisions if each.comment][-1]
    resource |= {"rev": last.rev, "fields": _render_fields(org, last, version)}
    resource["commentVersionRef"] = render_comment_ref(org, item, last.comment)
    return project, resource, f"{text} commented on"


def _render_updated(org, subject, version):
    item, update = subject
    resource = history.render_update(org, item, update)
    revision = item.revisions[update.rev - 1]
    shown = {
        "id": item.id,
        "rev": revision.rev,
        "fields": _render_fields(org, revision, version),
        "multilineFieldsFormat": dict(revision.formats),
        "url": f"{relations.url_of(org, item)}/revisions/{revision.rev}",
    }
    if revision.comment:
        shown["commentVersionRef"] = render_comment_ref(org, item, revision.comment)
    resource |= {"revision": shown, "_links": links(self=resource["url"])}
    return item.project, resource, f"{item.type.name} #{item.id} ({item.title}) updated"


def _render_pull(org, pull, version):
    return pull.repository.project, pulls.render(org, pull), f"Pull request {pull.id}: {pull.title}"


def _render_pull_comment(org, subject, version):
    pull, thread, comment = subject
    shown = threads.render_comment(org, pull, thread, comment)
    place = f"{pulls.url_of(org, pull)}/threads/{thread.id}"
    shown["_links"] = links(self=f"{place}/comments/{comment.id}", threads=place)
    resource = {"comment": shown, "pullRequest": pulls.render(org, pull)}
    return pull.repository.project, resource, f"A comment on pull request {pull.id}"


def _render_push(org, subject, version):
    repository, push = subject
    return repository.project, push, f"A push to {repository.name}"


def _render_build(org, build, version):
    return build.project, builds.render(org, build), f"Build {build.number} {build.result}"


def _render_run(org, build, version):
    resource = {
        "run": runs.render_run(org, build),
        "runId": build.id,
        "pipeline": runs.render_pipeline_ref(org, build.definition),
        "requestedFor": render_value(org, build.requested_for),
        "requestedBy": render_value(org, build.requested_by),
        "stages": [],
        "projectId": build.project.id,
    }
    return build.project, resource, f"Run {build.number} {build.state}"


def _render_stage(org, subject, version):
    build, stage = subject
    resource = {
        "stage": runs.render_stage(stage),
        "stageName": stage.name,
        "run": runs.render_run(org, build),
        "runId": build.id,
        "pipeline": runs.render_pipeline_ref(org, build.definition),
        "projectId": build.project.id,
    }
    return build.project, resource, f"Stage {stage.name} of run {build.number} {stage.state}"


def _render_approval(org, approval, version):
    build, stage = approval.build, approval.stage
    is_open = approval.status == "pending"
    resource = {
        "approval": approvals.render(org, approval),
        "approvalId": approval.id,
        "attemptId": stage.attempt,
        "pipeline": {"id": str(build.definition.id), "name": build.definition.name},
        "projectId": build.project.id,
        "resource": {
            "id": str(approval.environment.id),
            "name": approval.environment.name,
            "resourceType": "environment",
        },
        "run": {
            "id": str(build.id),
            "name": build.number,
            "queuedOn": iso(build.queued_at) if is_open else None,
            "requestedFor": build.requested_for.display_name if is_open else None,
            "runReason": build.reason if is_open else None,
        },
        "runId": build.id,
        "stage": {"id": stage.id, "name": stage.name},
        "stageName": stage.name,
    }
    return build.project, resource, f"Approval for {stage.name} {approval.status}"


RENDERERS = {
    **dict.fromkeys(("workitem.created", "workitem.deleted", "workitem.restored"), _render_item),
    "workitem.commented": _render_commented,
    "workitem.updated": _render_updated,
    "git.push": _render_push,
    **dict.fromkeys([f"git.pullrequest.{name}" for name in ("created", "updated", "merged")], _render_pull),
    "ms.vss-code.git-pullrequest-comment-event": _render_pull_comment,
    "build.complete": _render_build,
    "ms.vss-pipelines.run-state-changed-event": _render_run,
    "ms.vss-pipelines.stage-state-changed-event": _render_stage,
    "ms.vss-pipelinechecks-events.approval-pending": _render_approval,
    "ms.vss-pipelinechecks-events.approval-completed": _render_approval,
}


def matches(subscription, kind, subject, facts):
    """Whether all filters of a subscription are true of an event; an empty one is."""
    known = facts or _list_facts(kind, subject)
    filters = subscription.publisher_inputs.items()
    return all(_is_true(name, str(wanted).casefold(), known.get(name, ())) for name, wanted in filters)


def _is_true(name, wanted, held):
    """An area's filter is true of all areas below it, that of several things where one of them is it."""
    values = {str(each).casefold() for each in (held if isinstance(held, list | tuple) else [held])}
    if name == "areaPath":
        return any(f"{value}\\".startswith(f"{wanted}\\") for value in values)
    return name == "tfsSubscriptionId" or wanted in values


def _list_facts(kind, subject):
    """What the filters of work item events look at."""
    item, update = subject if isinstance(subject, tuple) else (subject, None)
    return {
        "projectId": item.project.id,
        "areaPath": item.fields["System.AreaPath"],
        "workItemType": item.type.name,
        "tag": item.tags,
        "changedFields": list(update.fields) if update else [],
        "linksChanged": str(bool(update and (update.added or update.removed))),
    }
