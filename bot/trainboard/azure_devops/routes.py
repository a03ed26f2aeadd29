"""Where the resources of Azure DevOps Services are, so that it need not be asked.

Source: the answer of `OPTIONS https://dev.azure.com/{organization}/_apis`.
"""

_TEAM = "{project}/{team}/_apis/work"
_BELOW = {
    "{project}/_apis/wit/workItems/{workItemId}/comments": {
        "608aac0a-32e1-4493-a863-b9cf4566d257": "/{commentId}",
        "f6cb3f27-1028-4851-af96-887e570dc21f": "/{commentId}/reactions/{reactionType}",
    },
    "{project}/_apis/wit/": {
        "a9a9aa7a-8c09-44d3-ad1b-46e855c1e3d3": "artifactUriQuery",
        "a70579d1-f53a-48ee-a5be-7be8659023b9": "classificationNodes",
        "5a172953-1b41-49d3-840a-33f79c3ce89f": "classificationNodes/{structureGroup}/{*path}",
        "b51fd764-e5c2-4b9b-aaf7-3395cf4bdd94": "fields/{fieldNameOrRefName}",
        "f828fe59-dd87-495d-a17c-7a8d6211ca6c": "reporting/workItemRevisions",
        "b70d8d39-926c-465e-b927-b1bf0e5ca0e0": "recycleBin/{id}",
        "bc15bc60-e7a8-43cb-ab01-2106be3983a1": "tags/{tagIdOrName}",
        "9b9f5734-36c8-415e-ba67-f83b45c31408": "workItemTypeCategories/{category}",
        "7c8d7a76-4a09-43e8-b5df-bd792f4ac6aa": "workItemTypes/{type}",
        "62d3d110-0047-428c-ad3c-4fe872c91c74": "workItems/${type}",
        "72c7ddf8-2cdc-4f60-90cd-ab71c14a399b": "workItems/{id}",
        "a00c85a5-80fa-4565-99c3-bcd2181434bb": "workItems/{id}/revisions/{revisionNumber}",
        "6570bf97-d02c-4a91-8d93-3abe9895b1a9": "workItems/{id}/updates/{updateNumber}",
        "908509b6-4248-4475-a1cd-829139ba419f": "workItemsBatch",
        "7c9d7a76-4a09-43e8-b5df-bd792f4ac6aa": "workitemtypes/{type}/states",
    },
    _TEAM: {
        "7799f497-3cb5-4f16-ad4f-5cd06012db64": "/backlogconfiguration",
        "c555d7ff-84e1-47df-9923-a3fe0cd8751b": "/boards/{board}/columns",
        "23ad19fc-3b8e-4877-8462-b3f92bc06b40": "/boards/{id}",
        "c6815dbe-8e7e-4ffe-9a79-e83ee712aa92": "/taskboardcolumns",
        "1be23c36-8872-4abc-b57d-402cd6c669d9": "/taskboardworkitems/{iterationId}/{workItemId}",
        "c3c1012b-bea7-49d7-b45e-1664e566f84c": "/teamsettings",
        "07ced576-58ed-49e6-9c1e-5cb53ab8bf2a": "/teamsettings/teamfieldvalues",
    },
    f"{_TEAM}/teamsettings/iterations": {
        "c9175577-28a1-4b06-9197-8636af9f64ad": "/{id}",
        "74412d15-8c1a-4352-a48d-ef1ed5587d57": "/{iterationId}/capacities/{teamMemberId}",
        "2d4faa2e-9150-4cbf-a47a-932b1b4a0773": "/{iterationId}/teamdaysoff",
        "5b3ef1a6-d3ab-44cd-bafd-c7f45db850fa": "/{iterationId}/workitems",
    },
    "{project}/_apis/work": {
        "0b42cb47-cd73-4810-ac90-19c9ba147453": "/plans/{id}",
        "bdd0834e-101f-49f0-a6ae-509f384a12b4": "/plans/{id}/deliverytimeline",
        "f901ba42-86d2-4b0c-89c1-3f86d06daa84": "/processconfiguration",
    },
    "{project}/{team}/_apis/wit/": {
        "1a9c53f7-f243-4447-b110-35ef023636e4": "wiql",
        "6a90345f-a676-4969-afce-8e163e1d5642": "templates",
        "fb10264a-8836-48a0-8033-1b0ccd2748d5": "templates/{templateId}",
    },
    "{project}/_apis/git/repositories/{repositoryId}/pullRequests/{pullRequestId}": {
        "9946fd70-0d40-406e-b686-b4744cbbcc37": "",
        "d43911ee-6958-46b0-a42b-8445b8a0d004": "/iterations/{iterationId}",
        "4216bdcf-b6b1-4d59-8b82-c34cc183fc8b": "/iterations/{iterationId}/changes",
        "f22387e3-984e-4c52-9c6d-fbb8f14c812d": "/labels/{labelIdOrName}",
        "b5f6bb4f-8d1e-4d79-8d11-4c9172c99c35": "/statuses/{statusId}",
        "ab6e2e5d-a0b7-4153-b64a-a4efe0d49449": "/threads/{threadId}",
        "965a3ec7-5ed8-455a-bdcb-835a5ea7fe7b": "/threads/{threadId}/comments/{commentId}",
        "5f2e2851-1389-425b-a00b-fb2adb3ef31b": "/threads/{threadId}/comments/{commentId}/likes",
        "0a637fcc-5370-4ce8-b0e8-98091f5f9482": "/workitems",
    },
    "{project}/_apis/git/": {
        "01a46dea-7d46-4d40-bc84-319e7c260d99": "pullRequests/{pullRequestId}",
        "a5d28130-9cd2-40fa-9f08-902e7daa9efb": "pullRequests",
        "225f7195-f9c7-4d14-ab28-a83f7ff77e1f": "repositories/{repositoryId}",
        "2d874a60-a811-4f62-9c9f-963a6ea0a55b": "repositories/{repositoryId}/refs",
        "fb93c0db-47ed-4a31-8c20-47552878fb44": "repositories/{repositoryId}/items/{*path}",
        "428dd4fb-fda5-4722-af02-9313b80305da": "repositories/{repositoryId}/commits/{commitId}/statuses",
    },
    "{project}/_apis/git/repositories/{repositoryNameOrId}": {
        "7cf2abb6-c964-4f7e-9872-f78c66e72e9c": "/commits/{commitId}/mergeBases",
    },
    "{project}/_apis/policy/": {
        "dad91cbe-d183-45f8-9c6e-9c1164472121": "configurations/{configurationId}",
        "c23ddff5-229c-4d04-a80b-0fdce9f360c8": "evaluations",
        "46aecb7a-5d2c-4647-897b-0209505a9fe4": "evaluations/{evaluationId}",
    },
    "{project}/_apis/build/builds/{buildId}": {
        "8baac422-4c6e-4de5-8532-db96d92acffa": "/Timeline/{timelineId}",
        "1db06c96-014e-44e1-ac91-90b2d4b3e984": "/artifacts/{artifactName}",
        "b8aac6c9-744b-46e1-88fc-3550969f9313": "/stages/{stageRefName}",
        "6e6114b2-8161-44c8-8f6c-c5505782427f": "/tags/{*tag}",
        "5a21f5d2-5642-47e4-a0bd-1356e6731bee": "/workitems",
    },
    "{project}/_apis/build/": {
        "0cd358e1-9217-4d94-8269-1c1ee6f93dcf": "Builds/{buildId}",
        "dbeaf647-6167-421a-bda9-c9327b25e2e6": "Definitions/{definitionId}",
    },
    "{project}/_apis/pipelines/checks/": {
        "86c8381e-5aee-4cde-8ae4-25c0c7f5eaea": "configurations/{id}",
        "5f3d0e64-f943-4584-8811-77eb495e831e": "queryconfigurations",
        "91282c1d-c183-444f-9554-1485bfb3879d": "runs/{checkSuiteId}",
    },
    "{project}/_apis/pipelines/": {
        "53df2d18-29ea-46a9-bee0-933540f80abf": "{pipelineId}/preview",
        "37794717-f36f-4d78-b2bf-4dc30d0cfbcd": "approvals/{approvalId}",
    },
    "{project}/_apis/Pipelines/": {
        "28e1305e-2afe-47bf-abaf-cbb0e6a91988": "{pipelineId}",
        "7859261e-d2e9-4a68-b820-a5d84cc5bb3d": "{pipelineId}/runs/{runId}",
        "85023071-bd5e-4438-89b0-2a5bf362a19d": "{pipelineId}/runs/{runId}/artifacts",
    },
    "{project}/_apis/distributedtask/environments": {
        "8572b1fc-2482-47fa-8f74-7e3ed53ee54b": "/{environmentId}",
        "51bb5d21-4305-4ea6-9dbb-b7488af73334": "/{environmentId}/environmentdeploymentRecords",
    },
    "{project}/_apis/test/": {
        "77560e8a-4e8c-4d59-894e-a5f264c24444": "CodeCoverage",
        "cadb3810-d47d-4a3c-a234-fe5f3be50138": "Runs/{runId}",
        "4637d869-3a76-4468-8057-0bb02aa385cf": "Runs/{runId}/Results/{testCaseResultId}",
    },
    "{project}/_apis/wiki/wikis/": {
        "288d122c-dbd4-451d-aa5f-7dbbba070728": "{wikiIdentifier}",
        "25d3fbc7-fe3d-46cb-b5a5-0b6f79caf27b": "{wikiIdentifier}/pages/{*path}",
    },
    "{project}/_apis/": {
        "0cf95f86-6ce1-f410-ccf6-3d8c92b3a1ef": "githubconnections",
    },
    "_apis/hooks/subscriptions": {
        "fc50d02a-849f-41fb-8af1-0a5216103269": "/{subscriptionId}",
        "0c62d343-21b0-4732-997b-017fde84dc28": "/{subscriptionId}/notifications/{notificationId}",
    },
    "_apis/hooks/": {
        "1a57562f-160a-4b5c-9185-905e95b39d36": "notificationsQuery",
        "1e83a210-5b53-43bc-90f0-d476a4e5d731": "publishers/{publisherId}",
        "db4777cd-8e08-4a84-8ba3-c974ea033718": "publishers/{publisherId}/eventTypes/{eventTypeId}",
        "1139462c-7e27-4524-a997-31b9b73551fe": "testNotifications/{notificationId}",
    },
    "_apis/Graph/": {
        "048aee0a-7072-4cde-ab73-7af77b1e0b4e": "Descriptors/{storageKey}",
        "e34b6394-6b30-4435-94a9-409a5eef3e31": "Memberships/{subjectDescriptor}",
        "3fd2e6ca-fb30-443a-b579-95b19ed0934c": "Memberships/{subjectDescriptor}/{containerDescriptor}",
        "eb85f8cc-f0f6-4264-a5b1-ffe2e4d4801f": "StorageKeys/{subjectDescriptor}",
        "4dd4d168-11f2-48c4-83e8-756fa0de027c": "SubjectLookup",
        "05942c89-006a-48ce-bb79-baeb8abf99c6": "SubjectQuery",
    },
    "_apis/projects/": {
        "603fe2ac-9723-48b9-88ad-09305aa6c6e1": "{*projectId}",
        "d30a3dd1-f8ba-442a-b86a-bd0c0c383e59": "{projectId}/teams/{*teamId}",
        "4976a71a-4487-49aa-8aab-a1eda469037a": "{projectId}/properties",
        "294c494c-2600-4d7e-b76c-3dd50c3c95be": "{projectId}/teams/{teamId}/members",
    },
    "_apis/": {
        "28010c54-d0c0-4c89-a5b0-1c9e188b9fb7": "Identities/{identityId}",
        "18a2ad18-7571-46ae-bec7-0c7da1495885": "AccessControlLists/{securityNamespaceId}",
        "dd3b8bd6-c7fc-4cbd-929a-933d9c011c9d": "Permissions/{securityNamespaceId}/{permissions}",
        "cf1faa59-1b63-4448-bf04-13d981a46f5d": "Security/PermissionEvaluationBatch",
        "ce7b9f95-fde9-4be8-a86d-83b366f0b87a": "SecurityNamespaces/{securityNamespaceId}",
        "93878975-88c5-4e6a-8abb-7ddd77a8a7d8": "process/processes/{*processId}",
        "00d9565f-ed9c-4a06-9a50-00e7896ccab4": "ConnectionData",
        "7a4d9ee9-3433-4347-b47a-7a80f1cf307e": "teams",
        "f5d33bc9-5b49-4a3c-a9bd-f3cd46dd2165": "wit/workItemRelationTypes/{relation}",
        "e81700f7-3be2-46de-8624-2eb35882fcaa": "ResourceAreas/{areaId}",
    },
}

ROUTES = {
    location_id: below + rest
    for below, resources in _BELOW.items()
    for location_id, rest in resources.items()
}
"""Routes by the id that the package knows them by: `{…}` is filled or left out, `{*…}` may hold slashes."""
