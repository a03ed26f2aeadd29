"""An organisation of Azure DevOps, asked through Microsoft's package `azure-devops`, hardened.

Everything here may import the package, and nothing else of ours does: it looks for a folder when it is
first imported, and fails where HOME cannot be written. It is told one that is there, and never writes to
it, because where resources are is not kept on disk.
"""

import os
from pathlib import Path

os.environ["AZURE_DEVOPS_CACHE_DIR"] = str(Path(__file__).parent)
