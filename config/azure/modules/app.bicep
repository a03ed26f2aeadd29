// One part of the bot: web servers, workers, or the scheduler. All read the same settings and secrets, from files.
param name string
param location string
param environmentId string
param identityId string
param vaultUri string
param registryServer string
param image string
param settings string
param arguments array
param secretNames array
param hasIngress bool
param fewest int
param most int
param rules array

var vaultSecrets = [for each in secretNames: {
  name: each
  keyVaultUrl: '${vaultUri}secrets/${each}'
  identity: identityId
}]

var secretFiles = [for each in secretNames: {
  secretRef: each
  path: each
}]

var probes = [
  {
    type: 'Startup'
    httpGet: {
      path: '/healthz'
      port: 8080
    }
    periodSeconds: 5
    failureThreshold: 60
  }
  {
    type: 'Liveness'
    httpGet: {
      path: '/healthz'
      port: 8080
    }
    periodSeconds: 15
    timeoutSeconds: 5
  }
  {
    type: 'Readiness'
    httpGet: {
      path: '/readyz?exclude=queue'
      port: 8080
    }
    periodSeconds: 10
    timeoutSeconds: 5
  }
]

resource app 'Microsoft.App/containerApps@2024-03-01' = {
  name: name
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
      activeRevisionsMode: 'Single'
      ingress: hasIngress ? {
        external: true
        targetPort: 8080
        transport: 'auto'
        allowInsecure: false
      } : null
      registries: [
        {
          server: registryServer
          identity: identityId
        }
      ]
      secrets: concat(vaultSecrets, [
        {
          name: 'settings' // no secret: there is no other way to give an app a file
          value: settings
        }
      ])
    }
    template: {
      terminationGracePeriodSeconds: 60
      containers: [
        {
          name: 'trainboard'
          image: '${registryServer}/${image}'
          args: arguments
          env: [
            {
              name: 'TRAINBOARD_CONFIG'
              value: '/etc/trainboard/trainboard.toml'
            }
          ]
          probes: probes
          resources: {
            cpu: json('0.5')
            memory: '1Gi'
          }
          volumeMounts: [
            {
              volumeName: 'settings'
              mountPath: '/etc/trainboard'
            }
            {
              volumeName: 'secrets'
              mountPath: '/run/secrets/trainboard'
            }
          ]
        }
      ]
      scale: {
        minReplicas: fewest
        maxReplicas: most
        rules: rules
      }
      volumes: [
        {
          name: 'settings'
          storageType: 'Secret'
          secrets: [
            {
              secretRef: 'settings'
              path: 'trainboard.toml'
            }
          ]
        }
        {
          name: 'secrets'
          storageType: 'Secret'
          secrets: secretFiles
        }
      ]
    }
  }
}

output host string = hasIngress ? app.properties.configuration.ingress.fqdn : ''
