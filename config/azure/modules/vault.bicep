// The identity of the apps, and the secrets that it may read.
param name string
param location string
param databaseHost string
param registryName string

@secure()
param databasePassword string

@secure()
param githubAppKey string

@secure()
param githubWebhookSecret string

var readsSecrets = '4633458b-17de-408a-875b-0445c86b69e6' // Key Vault Secrets User
var pullsImages = '7f951dda-4ed3-4680-a7ca-43fe172d538d' // AcrPull

resource identity 'Microsoft.ManagedIdentity/userAssignedIdentities@2023-01-31' = {
  name: name
  location: location
}

resource vault 'Microsoft.KeyVault/vaults@2023-07-01' = {
  name: take('${name}-${uniqueString(resourceGroup().id)}', 24)
  location: location
  properties: {
    tenantId: subscription().tenantId
    sku: {
      family: 'A'
      name: 'standard'
    }
    enableRbacAuthorization: true
    enableSoftDelete: true
    enablePurgeProtection: true
  }
}

resource databaseUrl 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'database-url'
  properties: {
    value: 'postgresql+psycopg://trainboard:${databasePassword}@${databaseHost}/trainboard?sslmode=require'
  }
}

// The same for the scaler, which is no Python.
resource databaseConnection 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'database-connection'
  properties: {
    value: 'postgresql://trainboard:${databasePassword}@${databaseHost}:5432/trainboard?sslmode=require'
  }
}

resource appKey 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'github-app-key'
  properties: {
    value: githubAppKey
  }
}

resource webhookSecret 'Microsoft.KeyVault/vaults/secrets@2023-07-01' = {
  parent: vault
  name: 'github-webhook-secret'
  properties: {
    value: githubWebhookSecret
  }
}

resource readSecrets 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: vault
  name: guid(vault.id, identity.id, readsSecrets)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', readsSecrets)
  }
}

resource registry 'Microsoft.ContainerRegistry/registries@2023-07-01' existing = {
  name: registryName
}

resource pullImages 'Microsoft.Authorization/roleAssignments@2022-04-01' = {
  scope: registry
  name: guid(registry.id, identity.id, pullsImages)
  properties: {
    principalId: identity.properties.principalId
    principalType: 'ServicePrincipal'
    roleDefinitionId: subscriptionResourceId('Microsoft.Authorization/roleDefinitions', pullsImages)
  }
}

output identityId string = identity.id
output uri string = vault.properties.vaultUri
output registryServer string = registry.properties.loginServer
