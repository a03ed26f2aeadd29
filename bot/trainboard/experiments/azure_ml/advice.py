"""What an operator can do about an answer.

Source: Microsoft, "Manage access to Azure Machine Learning workspaces" and "Configure MLflow for Azure
Machine Learning".
"""

ADVICE = {
    401: "the token of Microsoft Entra is not taken, check that tenant_id is the tenant of the workspace's"
    " subscription, and resource_manager that of its cloud",
    403: 'give the identity the role "Reader" on the workspace, or "AzureML Data Scientist" if that is not'
    " enough; a workspace behind a private endpoint must let this machine in, too",
    404: "there is no such workspace, compare the address with what"
    " `az ml workspace show --query mlflow_tracking_uri` prints",
}
