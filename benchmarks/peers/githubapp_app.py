"""flask-githubapp in Flask, as its documentation shows it, with a handler that does nothing."""

import os

from flask import Flask
from flask_githubapp import GitHubApp

app = Flask(__name__)
app.config["GITHUBAPP_ID"] = 1
app.config["GITHUBAPP_KEY"] = os.environ["PEER_PRIVATE_KEY"]
app.config["GITHUBAPP_SECRET"] = os.environ["PEER_SECRET"]
app.config["GITHUBAPP_ROUTE"] = os.environ["PEER_DOOR"]
github_app = GitHubApp(app)


def ignore():
    """Do nothing."""


for name in os.environ["PEER_EVENTS"].split(","):
    github_app.on(name)(ignore)
