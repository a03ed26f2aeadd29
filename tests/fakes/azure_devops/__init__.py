"""An organisation of Azure DevOps in memory, for the real client over real HTTP or over `responses`.

```python
org = AzureDevOps(clock)
org.add_project("Churn", "Agile")
with serving(org):  # or org.running(), without a port
    ...  # ask org.url with org.token
    org.person_comments(1, "/sprint next")
    org.faults.add(faults.throttled(7), method="PATCH", path="workItems")
    org.deliver()
assert ["PATCH wit.workItems"] == org.calls("PATCH")
```
"""

from fakes.azure_devops.organization import HOSTED, SERVER_2022, AzureDevOps, Edition
from fakes.azure_devops.serving import serving

__all__ = ["HOSTED", "SERVER_2022", "AzureDevOps", "Edition", "serving"]
