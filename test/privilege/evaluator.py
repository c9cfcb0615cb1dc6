"""Says what a policy permits, by moto's evaluator.

One question per line in, `{"statements": [...], "needs": [{"action", "resource"}, ...]}`; one list
of booleans per line out. Without values for it moto holds no Condition: people read those.
"""

import json
import sys
from typing import Any

from moto.iam.access_control import IAMPolicy, PermissionResult


def answer(question: dict[str, Any]) -> list[bool]:
    document = json.dumps({"Statement": question["statements"]})
    policy = IAMPolicy({"policy_document": document})
    return [
        policy.is_action_permitted(need["action"], need["resource"]) is PermissionResult.PERMITTED
        for need in question["needs"]
    ]


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)
