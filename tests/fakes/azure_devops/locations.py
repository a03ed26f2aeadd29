"""The places of resources that `OPTIONS _apis` tells of, each under a name of our own.

`vssps` marks those that Azure DevOps Services has at another host.

Source: OPTIONS of dev.azure.com; azure-devops 7.1.0b4 names the ids.
"""

import re
from dataclasses import dataclass
from functools import cached_property

TABLE = """
location.areas          e81700f7-3be2-46de-8624-2eb35882fcaa Location ResourceAreas     _apis/{resource}/{areaId} 1 0.0
location.connection     00d9565f-ed9c-4a06-9a50-00e7896ccab4 Location ConnectionData    _apis/{resource} 1 0.0
core.projects           603fe2ac-9723-48b9-88ad-09305aa6c6e1 core projects              _apis/{resource}/{*projectId} 4 7.1
core.properties         4976a71a-4487-49aa-8aab-a1eda469037a core properties            _apis/projects/{projectId}/{resource} 1 0.0
core.teams              d30a3dd1-f8ba-442a-b86a-bd0c0c383e59 core teams                 _apis/projects/{projectId}/{resource}/{*teamId} 3 7.1
core.allTeams           7a4d9ee9-3433-4347-b47a-7a80f1cf307e core teams                 _apis/{resource} 3 0.0
core.members            294c494c-2600-4d7e-b76c-3dd50c3c95be core members               _apis/projects/{projectId}/teams/{teamId}/{resource} 2 7.1
core.processes          93878975-88c5-4e6a-8abb-7ddd77a8a7d8 core processes             _apis/process/{resource}/{*processId} 1 7.1
wit.newWorkItem         62d3d110-0047-428c-ad3c-4fe872c91c74 wit workItems              {project}/_apis/{area}/{resource}/${type} 3 7.1
wit.workItems           72c7ddf8-2cdc-4f60-90cd-ab71c14a399b wit workItems              {project}/_apis/{area}/{resource}/{id} 3 7.1
wit.batch               908509b6-4248-4475-a1cd-829139ba419f wit workItemsBatch         {project}/_apis/{area}/{resource} 1 7.1
wit.wiql                1a9c53f7-f243-4447-b110-35ef023636e4 wit wiql                   {project}/{team}/_apis/{area}/{resource} 2 7.1
wit.templates           6a90345f-a676-4969-afce-8e163e1d5642 wit templates              {project}/{team}/_apis/{area}/{resource} 1 7.1
wit.template            fb10264a-8836-48a0-8033-1b0ccd2748d5 wit templates              {project}/{team}/_apis/{area}/{resource}/{templateId} 1 7.1
wit.comments            608aac0a-32e1-4493-a863-b9cf4566d257 wit comments               {project}/_apis/{area}/workItems/{workItemId}/{resource}/{commentId} 4 0.0
wit.reactions           f6cb3f27-1028-4851-af96-887e570dc21f wit reactions              {project}/_apis/{area}/workItems/{workItemId}/comments/{commentId}/{resource}/{reactionType} 1 0.0
wit.updates             6570bf97-d02c-4a91-8d93-3abe9895b1a9 wit updates                {project}/_apis/{area}/workItems/{id}/{resource}/{updateNumber} 3 7.1
wit.revisions           a00c85a5-80fa-4565-99c3-bcd2181434bb wit revisions              {project}/_apis/{area}/workItems/{id}/{resource}/{revisionNumber} 3 7.1
wit.reporting           f828fe59-dd87-495d-a17c-7a8d6211ca6c wit workItemRevisions      {project}/_apis/{area}/reporting/{resource} 2 7.1
wit.recycleBin          b70d8d39-926c-465e-b927-b1bf0e5ca0e0 wit recycleBin             {project}/_apis/{area}/{resource}/{id} 2 7.1
wit.artifactUriQuery    a9a9aa7a-8c09-44d3-ad1b-46e855c1e3d3 wit artifactUriQuery       {project}/_apis/{area}/{resource} 1 7.1
wit.types               7c8d7a76-4a09-43e8-b5df-bd792f4ac6aa wit workItemTypes          {project}/_apis/{area}/{resource}/{type} 2 7.1
wit.states              7c9d7a76-4a09-43e8-b5df-bd792f4ac6aa wit states                 {project}/_apis/{area}/workitemtypes/{type}/{resource} 1 7.1
wit.categories          9b9f5734-36c8-415e-ba67-f83b45c31408 wit workItemTypeCategories {project}/_apis/{area}/{resource}/{category} 2 7.1
wit.fields              b51fd764-e5c2-4b9b-aaf7-3395cf4bdd94 wit fields                 {project}/_apis/{area}/{resource}/{fieldNameOrRefName} 3 7.1
wit.relationTypes       f5d33bc9-5b49-4a3c-a9bd-f3cd46dd2165 wit workItemRelationTypes  _apis/{area}/{resource}/{relation} 2 7.1
wit.nodes               5a172953-1b41-49d3-840a-33f79c3ce89f wit classificationNodes    {project}/_apis/{area}/{resource}/{structureGroup}/{*path} 2 7.1
wit.rootNodes           a70579d1-f53a-48ee-a5be-7be8659023b9 wit classificationNodes    {project}/_apis/{area}/{resource} 2 7.1
wit.tags                bc15bc60-e7a8-43cb-ab01-2106be3983a1 wit tags                   {project}/_apis/{area}/{resource}/{tagIdOrName} 1 7.1
wit.githubConnections   0cf95f86-6ce1-f410-ccf6-3d8c92b3a1ef githubconnections githubconnections {project}/_apis/{resource} 1 0.0
work.teamSettings       c3c1012b-bea7-49d7-b45e-1664e566f84c work teamsettings          {project}/{team}/_apis/{area}/{resource} 1 7.1
work.iterations         c9175577-28a1-4b06-9197-8636af9f64ad work iterations            {project}/{team}/_apis/{area}/teamsettings/{resource}/{id} 1 7.1
work.iterationItems     5b3ef1a6-d3ab-44cd-bafd-c7f45db850fa work workitems             {project}/{team}/_apis/{area}/teamsettings/iterations/{iterationId}/{resource} 1 7.1
work.capacities         74412d15-8c1a-4352-a48d-ef1ed5587d57 work capacities            {project}/{team}/_apis/{area}/teamsettings/iterations/{iterationId}/{resource}/{teamMemberId} 3 7.1
work.daysOff            2d4faa2e-9150-4cbf-a47a-932b1b4a0773 work teamdaysoff           {project}/{team}/_apis/{area}/teamsettings/iterations/{iterationId}/{resource} 1 7.1
work.fieldValues        07ced576-58ed-49e6-9c1e-5cb53ab8bf2a work teamfieldvalues       {project}/{team}/_apis/{area}/teamsettings/{resource} 1 7.1
work.backlogs           7799f497-3cb5-4f16-ad4f-5cd06012db64 work backlogconfiguration  {project}/{team}/_apis/{area}/{resource} 1 7.1
work.process            f901ba42-86d2-4b0c-89c1-3f86d06daa84 work processconfiguration  {project}/_apis/{area}/{resource} 1 7.1
wiki.wikis              288d122c-dbd4-451d-aa5f-7dbbba070728 wiki wikis                 {project}/_apis/{area}/{resource}/{wikiIdentifier} 2 0.0
wiki.pages              25d3fbc7-fe3d-46cb-b5a5-0b6f79caf27b wiki pages                 {project}/_apis/{area}/wikis/{wikiIdentifier}/{resource}/{*path} 1 0.0
git.repositories        225f7195-f9c7-4d14-ab28-a83f7ff77e1f git repositories           {project}/_apis/{area}/{resource}/{repositoryId} 1 7.1
git.refs                2d874a60-a811-4f62-9c9f-963a6ea0a55b git refs                   {project}/_apis/{area}/repositories/{repositoryId}/{resource} 1 7.1
git.items               fb93c0db-47ed-4a31-8c20-47552878fb44 git items                  {project}/_apis/{area}/repositories/{repositoryId}/{resource}/{*path} 1 7.1
git.pullRequestById     01a46dea-7d46-4d40-bc84-319e7c260d99 git pullRequests           {project}/_apis/{area}/{resource}/{pullRequestId} 1 7.1
git.pullRequests        9946fd70-0d40-406e-b686-b4744cbbcc37 git pullRequests           {project}/_apis/{area}/repositories/{repositoryId}/{resource}/{pullRequestId} 1 7.1
git.pushes              ea98d07b-3c87-4971-8ede-a613694ffb55 git pushes                 {project}/_apis/{area}/repositories/{repositoryId}/{resource}/{pushId} 2 7.1
git.projectPullRequests a5d28130-9cd2-40fa-9f08-902e7daa9efb git pullRequests           {project}/_apis/{area}/{resource} 1 7.1
git.statuses            b5f6bb4f-8d1e-4d79-8d11-4c9172c99c35 git statuses               {project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/{resource}/{statusId} 1 7.1
git.iterations          d43911ee-6958-46b0-a42b-8445b8a0d004 git iterations             {project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/{resource}/{iterationId} 2 7.1
git.changes             4216bdcf-b6b1-4d59-8b82-c34cc183fc8b git changes                {project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/iterations/{iterationId}/{resource} 1 7.1
git.labels              f22387e3-984e-4c52-9c6d-fbb8f14c812d git labels                 {project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/{resource}/{labelIdOrName} 1 7.1
git.threads             ab6e2e5d-a0b7-4153-b64a-a4efe0d49449 git threads                {project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/{resource}/{threadId} 1 7.1
git.comments            965a3ec7-5ed8-455a-bdcb-835a5ea7fe7b git comments               {project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/threads/{threadId}/{resource}/{commentId} 1 7.1
git.likes               5f2e2851-1389-425b-a00b-fb2adb3ef31b git likes                  {project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/threads/{threadId}/comments/{commentId}/{resource} 1 7.1
git.workItems           0a637fcc-5370-4ce8-b0e8-98091f5f9482 git workItems              {project}/_apis/{area}/repositories/{repositoryId}/pullRequests/{pullRequestId}/{resource} 1 7.1
git.commitStatuses      428dd4fb-fda5-4722-af02-9313b80305da git statuses               {project}/_apis/{area}/repositories/{repositoryId}/commits/{commitId}/{resource} 1 7.1
git.mergeBases          7cf2abb6-c964-4f7e-9872-f78c66e72e9c git mergeBases             {project}/_apis/{area}/repositories/{repositoryNameOrId}/commits/{commitId}/{resource} 1 7.1
policy.configurations   dad91cbe-d183-45f8-9c6e-9c1164472121 policy configurations      {project}/_apis/{area}/{resource}/{configurationId} 1 7.1
policy.evaluations      c23ddff5-229c-4d04-a80b-0fdce9f360c8 policy evaluations         {project}/_apis/{area}/{resource} 1 0.0
policy.evaluation       46aecb7a-5d2c-4647-897b-0209505a9fe4 policy evaluations         {project}/_apis/{area}/{resource}/{evaluationId} 1 0.0
build.builds            0cd358e1-9217-4d94-8269-1c1ee6f93dcf build Builds               {project}/_apis/{area}/{resource}/{buildId} 7 7.1
build.definitions       dbeaf647-6167-421a-bda9-c9327b25e2e6 build Definitions          {project}/_apis/{area}/{resource}/{definitionId} 7 7.1
build.timeline          8baac422-4c6e-4de5-8532-db96d92acffa build Timeline             {project}/_apis/{area}/builds/{buildId}/{resource}/{timelineId} 2 7.1
build.tags              6e6114b2-8161-44c8-8f6c-c5505782427f build tags                 {project}/_apis/{area}/builds/{buildId}/{resource}/{*tag} 3 7.1
build.stages            b8aac6c9-744b-46e1-88fc-3550969f9313 build stages               {project}/_apis/{area}/builds/{buildId}/{resource}/{stageRefName} 1 7.1
build.workItems         5a21f5d2-5642-47e4-a0bd-1356e6731bee build workitems            {project}/_apis/{area}/builds/{buildId}/{resource} 2 7.1
build.artifacts         1db06c96-014e-44e1-ac91-90b2d4b3e984 build artifacts            {project}/_apis/{area}/builds/{buildId}/{resource}/{artifactName} 5 7.1
test.runs               cadb3810-d47d-4a3c-a234-fe5f3be50138 Test Runs                  {project}/_apis/{area}/{resource}/{runId} 3 7.1
test.results            4637d869-3a76-4468-8057-0bb02aa385cf Test Results               {project}/_apis/{area}/Runs/{runId}/{resource}/{testCaseResultId} 6 7.1
test.coverage           77560e8a-4e8c-4d59-894e-a5f264c24444 Test CodeCoverage          {project}/_apis/{area}/{resource} 1 0.0
pipelines.pipelines     28e1305e-2afe-47bf-abaf-cbb0e6a91988 pipelines pipelines        {project}/_apis/{resource}/{pipelineId} 1 7.1
pipelines.runs          7859261e-d2e9-4a68-b820-a5d84cc5bb3d pipelines runs             {project}/_apis/pipelines/{pipelineId}/{resource}/{runId} 1 7.1
pipelines.artifacts     85023071-bd5e-4438-89b0-2a5bf362a19d pipelines artifacts        {project}/_apis/pipelines/{pipelineId}/runs/{runId}/{resource} 1 7.1
pipelines.preview       53df2d18-29ea-46a9-bee0-933540f80abf pipelines preview          {project}/_apis/pipelines/{pipelineId}/{resource} 1 7.1
pipelines.approvals     37794717-f36f-4d78-b2bf-4dc30d0cfbcd pipelines approvals        {project}/_apis/pipelines/{resource}/{approvalId} 1 7.1
checks.configurations   86c8381e-5aee-4cde-8ae4-25c0c7f5eaea PipelinesChecks configurations {project}/_apis/pipelines/checks/{resource}/{id} 1 0.0
checks.query            5f3d0e64-f943-4584-8811-77eb495e831e PipelinesChecks queryconfigurations {project}/_apis/pipelines/checks/{resource} 1 0.0
environments            8572b1fc-2482-47fa-8f74-7e3ed53ee54b distributedtask environments {project}/_apis/{area}/{resource}/{environmentId} 1 7.1
environments.records    51bb5d21-4305-4ea6-9dbb-b7488af73334 distributedtask environmentdeploymentRecords {project}/_apis/{area}/environments/{environmentId}/{resource} 1 7.1
hooks.publishers        1e83a210-5b53-43bc-90f0-d476a4e5d731 hooks publishers           _apis/{area}/{resource}/{publisherId} 1 7.1
hooks.eventTypes        db4777cd-8e08-4a84-8ba3-c974ea033718 hooks eventTypes           _apis/{area}/publishers/{publisherId}/{resource}/{eventTypeId} 1 7.1
hooks.subscriptions     fc50d02a-849f-41fb-8af1-0a5216103269 hooks subscriptions        _apis/{area}/{resource}/{subscriptionId} 1 7.1
hooks.notifications     0c62d343-21b0-4732-997b-017fde84dc28 hooks notifications        _apis/{area}/subscriptions/{subscriptionId}/{resource}/{notificationId} 1 7.1
hooks.query             1a57562f-160a-4b5c-9185-905e95b39d36 hooks notificationsQuery   _apis/{area}/{resource} 1 7.1
hooks.test              1139462c-7e27-4524-a997-31b9b73551fe hooks testNotifications    _apis/{area}/{resource}/{notificationId} 1 7.1
security.acls           18a2ad18-7571-46ae-bec7-0c7da1495885 Security AccessControlLists _apis/{resource}/{securityNamespaceId} 1 7.1
security.permissions    dd3b8bd6-c7fc-4cbd-929a-933d9c011c9d Security Permissions       _apis/{resource}/{securityNamespaceId}/{permissions} 2 7.1
security.namespaces     ce7b9f95-fde9-4be8-a86d-83b366f0b87a Security SecurityNamespaces _apis/{resource}/{securityNamespaceId} 1 7.1
identity.identities     28010c54-d0c0-4c89-a5b0-1c9e188b9fb7 IMS Identities             _apis/{resource}/{identityId} 1 7.1 vssps
graph.memberships       e34b6394-6b30-4435-94a9-409a5eef3e31 Graph Memberships          _apis/{area}/{resource}/{subjectDescriptor} 1 0.0 vssps
graph.membership        3fd2e6ca-fb30-443a-b579-95b19ed0934c Graph Memberships          _apis/{area}/{resource}/{subjectDescriptor}/{containerDescriptor} 1 0.0 vssps
graph.descriptors       048aee0a-7072-4cde-ab73-7af77b1e0b4e Graph Descriptors          _apis/{area}/{resource}/{storageKey} 1 7.1 vssps
graph.storageKeys       eb85f8cc-f0f6-4264-a5b1-ffe2e4d4801f Graph StorageKeys          _apis/{area}/{resource}/{subjectDescriptor} 1 7.1 vssps
"""  # noqa: E501  a table is read across

AREAS = {
    "79134c72-4a58-4b42-976c-04e7115f32bf": "core",
    "5264459e-e5e0-4bd8-b118-0985e68a4ec5": "wit",
    "1d4f49f9-02b9-4e26-b826-2cdb6195f2a9": "work",
    "4e080c62-fa21-4fbc-8fef-2a10a2b38049": "git",
    "fb13a388-40dd-4a04-b530-013a739c72ef": "policy",
    "965220d5-5bb9-42cf-8d67-9b146df2a5a4": "build",
    "c2aa639c-3ccc-4740-b3b6-ce2a1e1d984e": "Test",
    "4a933897-0488-45af-bd82-6fd3ad33f46a": "PipelinesChecks",
    "a85b8835-c1a1-4aac-ae97-1c3d0ba72dbd": "distributedtask",
    "8a3d49b8-91f0-46ef-b33d-dda338c25db3": "IMS",
    "bb1e7ec9-e901-4b68-999a-de7012b920f8": "Graph",
}


@dataclass(frozen=True)
class Location:
    """A row of the table; `released` is 0.0 where there are only previews."""

    name: str
    id: str
    area: str
    resource: str
    template: str
    version: int
    released: str
    host: str = ""

    @cached_property
    def pattern(self):
        """Matches a path below the organisation, without a leading slash."""
        before, _, after = self._filled.partition("_apis")
        scopes = "".join(rf"(?:(?P<{name}>[^/]+)/)?" for name in re.findall(r"{(\w+)}", before))
        return re.compile(f"{scopes}_apis{_match(after)}", re.IGNORECASE)

    @property
    def literals(self):
        """How much of the template is literal; of several templates that match, the longest is meant."""
        return len(re.sub(r"/?{.*?}", "", self._filled))

    @property
    def _filled(self):
        return self.template.replace("{area}", self.area).replace("{resource}", self.resource)

    def render(self, max_version):
        """The row as it is told, on a server that speaks no later version than `max_version`."""
        released = min(self.released, max_version)
        return {
            "id": self.id,
            "area": self.area,
            "resourceName": self.resource,
            "routeTemplate": self.template,
            "resourceVersion": self.version,
            "minVersion": "1.0",
            "maxVersion": max_version,
            "releasedVersion": released,
        }


def _match(tail):
    """Placeholders at the end may be left out."""
    pattern, open_groups = "", 0
    segments = tail.split("/")[1:]
    for number, segment in enumerate(segments):
        trailing = all(later.startswith("{") for later in segments[number:])
        text = _match_segment(segment)
        pattern += f"(?:/{text}" if trailing else f"/{text}"
        open_groups += trailing
    return pattern + ")?" * open_groups


def _match_segment(segment):
    if segment.startswith("${"):
        return rf"\$(?P<{segment[2:-1]}>[^/]+)"
    if segment.startswith("{*"):
        return f"(?P<{segment[2:-1]}>.+)"
    return f"(?P<{segment[1:-1]}>[^/]+)" if segment.startswith("{") else re.escape(segment)


def _read(row):
    name, place, area, resource, template, version, released, *host = row.split()
    return Location(name, place, area, resource, template, int(version), released, *host)


LOCATIONS = {row.split()[0]: _read(row) for row in TABLE.strip().splitlines()}
