// A job that brings the schema up to date; start it before a new version: az containerapp job start.
param name string
param location string
param environmentId string
param identityId string
param vaultUri string
param registryServer string
param image string

resource job 'Microsoft.App/jobs@2024-03-01' = {
  name: '${name}-upgrade'
  location: location
  identity: {
    type: 'UserAssigned'
    userAssignedIdentities: {
      '${identityId}': {}
    }
  }
  properties: {
    environmentId: environmentId
    workloadProfileName: 'Consumption'
    configuration: {
      triggerType: 'Manual'
      manualTriggerConfig: {
        parallelism: 1
        replicaCompletionCount: 1
      }
      replicaTimeout: 1800
      replicaRetryLimit: 1
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
      secrets: [
        {
          name: 'database-url'
          keyVaultUrl: '${vaultUri}secrets/database-url'
          identity: identityId
        }
      ]
    }
    template: {
      containers: [
        {
          name: 'trainboard'
          image: '${registryServer}/${image}'
          args: ['db', 'upgrade']
          env: [
            {
              name: 'TRAINBOARD_SERVER__DATABASE'
              value: 'file:/run/secrets/trainboard/database-url'
            }
          ]
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          volumeMounts: [
            {
              volumeName: 'secrets'
              mountPath: '/run/secrets/trainboard'
            }
          ]
        }
      ]
      volumes: [
        {
          name: 'secrets'
          storageType: 'Secret'
          secrets: [
            {
              secretRef: 'database-url'
              path: 'database-url'
            }
          ]
        }
      ]
    }
  }
}
