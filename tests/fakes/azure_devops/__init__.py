"""An organisation of Azure DevOps in memory, for the real client over real HTTP or over `responses`."""

from fakes.azure_devops.organization import HOSTED, SERVER_2022, AzureDevOps, Edition
from fakes.azure_devops.serving import serving

__all__ = ["HOSTED", "SERVER_2022", "AzureDevOps", "Edition", "serving"]
