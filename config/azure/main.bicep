// Trainboard on Azure Container Apps: web servers, workers and a scheduler over an Azure Database for PostgreSQL.
//
//   az deployment group create --resource-group trainboard --parameters config/azure/main.bicepparam
//
// Secrets lie in a Key Vault and are read by a managed identity; nothing but the web servers is reached from outside.
targetScope = 'resourceGroup'

@description('Begins the names of everything.')
@minLength(3)
@maxLength(16)
param name string = 'trainboard'

@description('Where everything is.')
param location string = resourceGroup().location

@description('An Azure Container Registry in this resource group, which holds the image.')
param registryName string

@description('The image in that registry, with its tag.')
param image string = 'trainboard:0.1.0'

@description('The settings: the text of trainboard.toml. Secrets in it are file:/run/secrets/trainboard/NAME.')
param settings string = loadTextContent('trainboard.toml')

@description('Password of the database, of letters, digits, - and _ only: it becomes part of an address.')
@secure()
@minLength(16)
param databasePassword string

@description('Private key of the GitHub App, in PEM form.')
@secure()
param githubAppKey string

@description('Secret of the webhooks of GitHub.')
@secure()
param githubWebhookSecret string

@description('Most web servers.')
@minValue(1)
@maxValue(10)
param mostWebServers int = 4

@description('Most workers: each keeps up to twelve connections to the database.')
@minValue(1)
@maxValue(10)
param mostWorkers int = 3

var secretNames = ['database-url', 'github-app-key', 'github-webhook-secret']

module network 'modules/network.bicep' = {
  name: 'network'
  params: {
    name: name
    location: location
  }
}

module database 'modules/database.bicep' = {
  name: 'database'
  params: {
    name: name
    location: location
    password: databasePassword
    subnetId: network.outputs.databaseSubnetId
    zoneId: network.outputs.zoneId
  }
}

module vault 'modules/vault.bicep' = {
  name: 'vault'
  params: {
    name: name
    location: location
    databaseHost: database.outputs.host
    databasePassword: databasePassword
    githubAppKey: githubAppKey
    githubWebhookSecret: githubWebhookSecret
    registryName: registryName
  }
}

module apps 'modules/environment.bicep' = {
  name: 'environment'
  params: {
    name: name
    location: location
    subnetId: network.outputs.appsSubnetId
  }
}

module upgrade 'modules/upgrade.bicep' = {
  name: 'upgrade'
  params: {
    name: name
    location: location
    environmentId: apps.outputs.id
    identityId: vault.outputs.identityId
    vaultUri: vault.outputs.uri
    registryServer: vault.outputs.registryServer
    image: image
  }
}

module web 'modules/app.bicep' = {
  name: 'web'
  params: {
    name: '${name}-web'
    location: location
    arguments: ['web', '--host', '0.0.0.0']
    hasIngress: true
    fewest: 1
    most: mostWebServers
    rules: [
      {
        name: 'requests'
        http: {
          metadata: {
            concurrentRequests: '50'
          }
        }
      }
    ]
    environmentId: apps.outputs.id
    identityId: vault.outputs.identityId
    vaultUri: vault.outputs.uri
    registryServer: vault.outputs.registryServer
    image: image
    settings: settings
    secretNames: secretNames
  }
}

module worker 'modules/app.bicep' = {
  name: 'worker'
  params: {
    name: '${name}-worker'
    location: location
    arguments: ['worker', '--host', '0.0.0.0', '--port', '8080']
    hasIngress: false
    fewest: 1
    most: mostWorkers
    rules: [
      {
        name: 'queue-age'
        custom: {
          type: 'postgresql'
          metadata: {
            query: loadTextContent('queue-age.sql')
            targetQueryValue: '30'
          }
          auth: [
            {
              secretRef: 'database-connection'
              triggerParameter: 'connection'
            }
          ]
        }
      }
    ]
    environmentId: apps.outputs.id
    identityId: vault.outputs.identityId
    vaultUri: vault.outputs.uri
    registryServer: vault.outputs.registryServer
    image: image
    settings: settings
    secretNames: concat(secretNames, ['database-connection'])
  }
}

module scheduler 'modules/app.bicep' = {
  name: 'scheduler'
  params: {
    name: '${name}-scheduler'
    location: location
    arguments: ['scheduler', '--host', '0.0.0.0', '--port', '8080']
    hasIngress: false
    fewest: 1
    most: 1
    rules: []
    environmentId: apps.outputs.id
    identityId: vault.outputs.identityId
    vaultUri: vault.outputs.uri
    registryServer: vault.outputs.registryServer
    image: image
    settings: settings
    secretNames: secretNames
  }
}

@description('Where webhooks go: write it into server.public_url, or put a name of your own before it.')
output url string = 'https://${web.outputs.host}'
