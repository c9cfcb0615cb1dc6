"""A stranger's client: boto3, an endpoint URL, dummy credentials. Prints one JSON object."""

import json
import sys
import time

import boto3

endpoint, arn = sys.argv[1:]
options = {
    "endpoint_url": endpoint,
    "region_name": "us-east-1",
    "aws_access_key_id": "x",
    "aws_secret_access_key": "x",
}
states = boto3.client("stepfunctions", **options)
s3 = boto3.client("s3", **options)


def wait(execution: str) -> dict:
    for _ in range(600):
        described = states.describe_execution(executionArn=execution)
        if described["status"] != "RUNNING":
            return described
        time.sleep(0.2)
    raise SystemExit(f"{execution} did not end")


def start(name: str, **fields: object) -> str:
    started = states.start_execution(stateMachineArn=arn, name=name, input=json.dumps(fields))
    return started["executionArn"]


done = wait(start("stranger-1", prompt="a green ring on a white background"))
stopped = start("stranger-2", prompt="a blue cross", count=2000)
time.sleep(3)
states.stop_execution(executionArn=stopped, cause="changed my mind")
aborted = wait(stopped)
events = states.get_execution_history(executionArn=done["executionArn"])["events"]
images = s3.list_objects_v2(Bucket="spot-diffusion", Prefix="images/")["Contents"]
png = s3.get_object(Bucket="spot-diffusion", Key=images[0]["Key"])["Body"].read()
print(
    json.dumps(
        {
            "status": done["status"],
            "output": json.loads(done["output"]),
            "aborted": aborted["status"],
            "names": [e["name"] for e in states.list_executions(stateMachineArn=arn)["executions"]],
            "entered": [
                e["stateEnteredEventDetails"]["name"]
                for e in events
                if "stateEnteredEventDetails" in e
            ],
            "isPng": png.startswith(b"\x89PNG"),
        }
    )
)
