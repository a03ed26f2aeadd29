"""What other bots look for in the lines of a comment, Markdown or not; each name with its pattern."""

COMMANDS = {
    "Trainboard": r"(?mi)^\s*/(?:trainboard\s+)?\w",
    "Prow": r"(?mi)^/(?:lgtm|hold|assign|approve|test|retest|close)\b",
    "packit": r"(?m)^\s*/packit\b",
    "Pipelines as Code": r"(?m)^/(?:test|retest|ok-to-test|cancel)\b",
    "slash-command-dispatch": r"^\s*/\S",
    "branch-deploy": r"(?m)^\s*\.\w",
    "Mergify, triagebot, bors": r"(?mi)^\s*@\w",
    "exclamation-mark bots": r"(?m)^\s*!\w",
}
