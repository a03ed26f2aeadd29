"""Write the example deliveries of GitHub's webhooks that the tests feed to the bot.

    python tests/data/make_octokit_examples.py <unpacked npm package @octokit/webhooks-examples>

The examples (MIT, see octokit_webhooks_examples.LICENSE) are cut to the event's name and the payload;
payloads stay as they are. Same input, same bytes.
"""

import gzip
import json
import sys
from pathlib import Path

OUTPUT = Path(__file__).with_name("octokit_webhooks_examples.json.gz")


def main(package: Path) -> None:
    """Read the package's examples for github.com and write them beside this file."""
    events = json.loads((package / "api.github.com" / "index.json").read_text())
    examples = [[event["name"], payload] for event in events for payload in event["examples"]]
    text = json.dumps(examples, ensure_ascii=False, separators=(",", ":"))
    OUTPUT.write_bytes(gzip.compress(text.encode(), mtime=0))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
