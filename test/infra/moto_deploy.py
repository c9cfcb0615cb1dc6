"""Deploys the template into moto's CloudFormation. Prints what was skipped and what stands."""

import io
import json
import sys
import zipfile
from collections import Counter
from pathlib import Path
from typing import Any

import boto3
from moto import mock_aws
from moto.cloudformation.parsing import get_model_map

ACCOUNT, REGION, STACK = "123456789012", "us-east-1", "spot-diffusion"
# moto names a repository by its logical id, whose capitals ECR refuses.
REFUSED = {"AWS::ECR::Repository"}
# What moto reads in another form than CloudFormation.
MISREAD = {"AWS::KMS::Key": ["Tags"]}
# What moto asks for and AWS does not: Batch takes its service-linked role.
ASKED = {"AWS::Batch::ComputeEnvironment": {"ServiceRole": f"arn:aws:iam::{ACCOUNT}:role/batch"}}
ASSETS = f"cdk-hnb659fds-assets-{ACCOUNT}-{REGION}"


def is_known(kind: str) -> bool:
    """Custom resources are unknown: they are functions that would have to run."""
    return kind in get_model_map() and kind not in REFUSED


def stand_in(node: Any, skipped: set[str]) -> Any:
    """The node, with an ARN of no service where it refers to a resource that is skipped."""
    if isinstance(node, list):
        return [stand_in(part, skipped) for part in node]
    if not isinstance(node, dict):
        return node
    target = node.get("Ref") or [*node.get("Fn::GetAtt", []), None][0]
    if target in skipped:
        return f"arn:aws:skipped:{REGION}:{ACCOUNT}:{target}"
    return {key: stand_in(part, skipped) for key, part in node.items()}


def keep(resource: dict, skipped: set[str]) -> dict:
    misread = MISREAD.get(resource["Type"], [])
    asked = ASKED.get(resource["Type"], {})
    given = {**asked, **resource.get("Properties", {})}
    properties = {name: value for name, value in given.items() if name not in misread}
    before = [other for other in resource.get("DependsOn", []) if other not in skipped]
    return {**resource, "Properties": stand_in(properties, skipped), "DependsOn": before}


def strip(template: dict) -> tuple[dict, Counter]:
    resources = template["Resources"]
    skipped = {name for name, resource in resources.items() if not is_known(resource["Type"])}
    counted = Counter(resources[name]["Type"] for name in skipped)
    kept = {
        name: keep(resource, skipped) for name, resource in resources.items() if name not in skipped
    }
    outputs = stand_in(template["Outputs"], skipped)
    return {**template, "Resources": kept, "Outputs": outputs}, counted


def inline(template: dict, definition: str) -> None:
    """moto reads a machine's definition neither from the bucket nor with substitutions."""
    for resource in template["Resources"].values():
        if resource["Type"] == "AWS::StepFunctions::StateMachine":
            given = resource["Properties"]["DefinitionSubstitutions"]
            resource["Properties"]["DefinitionString"] = {"Fn::Sub": [definition, given]}


def bootstrap(template: dict) -> None:
    """What `cdk bootstrap` and the upload of assets leave in an account."""
    boto3.client("ssm").put_parameter(
        Name="/cdk-bootstrap/hnb659fds/version", Value="30", Type="String"
    )
    boto3.client("iam").create_role(RoleName="batch", AssumeRolePolicyDocument="{}")
    s3 = boto3.client("s3")
    s3.create_bucket(Bucket=ASSETS)
    code = io.BytesIO()
    with zipfile.ZipFile(code, "w") as archive:
        archive.writestr("index.mjs", "export const handler = () => 'not run';")
    for resource in template["Resources"].values():
        properties = resource.get("Properties", {})
        for field in ("Code", "Content"):
            if key := properties.get(field, {}).get("S3Key"):
                s3.put_object(Bucket=ASSETS, Key=key, Body=code.getvalue())


def deploy(template: dict) -> dict:
    cloudformation = boto3.client("cloudformation")
    s3 = boto3.client("s3")
    s3.put_object(Bucket=ASSETS, Key="template.json", Body=json.dumps(template).encode())
    url = f"https://{ASSETS}.s3.amazonaws.com/template.json"
    cloudformation.create_stack(
        StackName=STACK, TemplateURL=url, Capabilities=["CAPABILITY_NAMED_IAM"]
    )
    (stack,) = cloudformation.describe_stacks(StackName=STACK)["Stacks"]
    pages = cloudformation.get_paginator("list_stack_resources").paginate(StackName=STACK)
    made = Counter(
        resource["ResourceType"] for page in pages for resource in page["StackResourceSummaries"]
    )
    outputs = {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}
    return {"status": stack["StackStatus"], "made": made, "outputs": outputs}


def look(outputs: dict) -> dict:
    """What stands in the account afterwards, as its own services tell."""
    dynamodb, batch = boto3.client("dynamodb"), boto3.client("batch")
    (table,) = dynamodb.list_tables()["TableNames"]
    ttl = dynamodb.describe_time_to_live(TableName=table)["TimeToLiveDescription"]
    queues = batch.describe_job_queues()["jobQueues"]
    machine = boto3.client("stepfunctions").describe_state_machine(
        stateMachineArn=outputs["StateMachineArn"]
    )
    functions = boto3.client("lambda").list_functions()["Functions"]
    (topic,) = boto3.client("sns").list_topics()["Topics"]
    buckets = boto3.client("s3").list_buckets()["Buckets"]
    groups = boto3.client("logs").describe_log_groups()["logGroups"]
    return {
        "keys": dynamodb.describe_table(TableName=table)["Table"]["KeySchema"],
        "ttl": ttl,
        "queues": sorted(queue["jobQueueName"] for queue in queues),
        "environments": len(batch.describe_compute_environments()["computeEnvironments"]),
        "jobDefinitions": [
            each["jobDefinitionName"] for each in batch.describe_job_definitions()["jobDefinitions"]
        ],
        "machine": machine["name"],
        "definition": machine["definition"],
        "functions": sorted(function["FunctionName"] for function in functions),
        "topic": topic["TopicArn"],
        "buckets": [bucket["Name"] for bucket in buckets if bucket["Name"] != ASSETS],
        "logGroups": {group["logGroupName"]: group.get("retentionInDays") for group in groups},
        "rules": len(boto3.client("events").list_rules()["Rules"]),
    }


@mock_aws(config={"iam": {"load_aws_managed_policies": True}})
def main(template_file: str, definition_file: str) -> None:
    template, skipped = strip(json.loads(Path(template_file).read_text()))
    inline(template, Path(definition_file).read_text())
    bootstrap(template)
    deployed = deploy(template)
    print(json.dumps({"skipped": skipped, **deployed, "stands": look(deployed["outputs"])}))


main(*sys.argv[1:])
