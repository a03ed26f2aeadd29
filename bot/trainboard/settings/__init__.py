"""What an operator sets for one server: a TOML file, and the environment over it."""

from trainboard.settings.domain import doors_of, keep_of, projects_of
from trainboard.settings.findings import Finding, SettingsError
from trainboard.settings.loading import find_file, load
from trainboard.settings.model import (
    Engine,
    Server,
    Settings,
    Source,
)
from trainboard.settings.monitors import AlertmanagerSource, AlertSource, AzureMonitorSource, GrafanaSource
from trainboard.settings.places import AzurePlace, find_azure_place
from trainboard.settings.platforms import AzureDevOps, GitHub
from trainboard.settings.project import Project, Sprint
from trainboard.settings.reports import Mail, Report
from trainboard.settings.run_sources import (
    ArtifactsSource,
    AzureMlSource,
    DvcliveSource,
    MlflowSource,
    RunsSource,
    WandbSource,
)
from trainboard.settings.sign_in import ApiToken, GitHubSignIn, OidcSignIn, SignIn, TokenSignIn

__all__ = [
    "AlertSource",
    "AlertmanagerSource",
    "ApiToken",
    "ArtifactsSource",
    "AzureDevOps",
    "AzureMlSource",
    "AzureMonitorSource",
    "AzurePlace",
    "DvcliveSource",
    "Engine",
    "Finding",
    "GitHub",
    "GitHubSignIn",
    "GrafanaSource",
    "Mail",
    "MlflowSource",
    "OidcSignIn",
    "Project",
    "Report",
    "RunsSource",
    "Server",
    "Settings",
    "SettingsError",
    "SignIn",
    "Source",
    "Sprint",
    "TokenSignIn",
    "WandbSource",
    "doors_of",
    "find_azure_place",
    "find_file",
    "keep_of",
    "load",
    "projects_of",
]
