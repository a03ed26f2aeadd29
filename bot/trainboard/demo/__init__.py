"""The demo: a two-week sprint of a team, played through the real HTTP endpoints of a real service."""
