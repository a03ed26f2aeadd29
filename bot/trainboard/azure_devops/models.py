"""The package's models of the areas whose calls take them. They never leave an adapter."""

from azure.devops.v7_1.build import models as build
from azure.devops.v7_1.core import models as core
from azure.devops.v7_1.git import models as git
from azure.devops.v7_1.pipelines import models as pipelines
from azure.devops.v7_1.service_hooks import models as service_hooks
from azure.devops.v7_1.wiki import models as wiki
from azure.devops.v7_1.work import models as work
from azure.devops.v7_1.work_item_tracking import models as work_item_tracking

__all__ = ["build", "core", "git", "pipelines", "service_hooks", "wiki", "work", "work_item_tracking"]
