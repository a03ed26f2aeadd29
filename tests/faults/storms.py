"""Far more arrives than there is to say."""

import json

from faults import fault
from faults.stages import GITHUB, LOCAL

TIMES = 1000


@fault("one delivery comes a thousand times", places=(LOCAL, GITHUB))
def same_again(stage):
    """All are acknowledged, before and after it has been worked on, and it counts once."""
    name, document = stage.next_run()
    body = json.dumps(document).encode()
    answers = set()

    def send_again():
        for _ in range(TIMES // 11):
            headers = stage.bot.signed(body, name)
            answer = stage.bot.http.post(
                "/webhooks/runs", data=body, headers=headers, content_type="application/json"
            )
            answers.add(answer.status_code)

    send_again()
    with stage.every(6, send_again):
        yield
    stage.expect(f"all are acknowledged, not {answers}", answers == {200, 202})
