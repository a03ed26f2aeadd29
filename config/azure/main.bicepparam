using 'main.bicep'

param name = 'trainboard'
param registryName = 'acmeregistry'
param image = 'trainboard:0.1.0'
param databasePassword = readEnvironmentVariable('TRAINBOARD_DATABASE_PASSWORD')
param githubAppKey = readEnvironmentVariable('TRAINBOARD_GITHUB_APP_KEY')
param githubWebhookSecret = readEnvironmentVariable('TRAINBOARD_GITHUB_WEBHOOK_SECRET')
