import type { SignedCall } from '../../local/address/guard.ts';
import { readBatchNeeds } from './batch-needs.ts';
import { readDynamoDbNeeds } from './dynamodb-needs.ts';
import { anywhere, type Need, nameOrArn, toArn } from './need.ts';
import { readEc2Needs, readSnsNeeds } from './query-needs.ts';
import { readS3Needs } from './s3-needs.ts';

type Reader = (call: SignedCall) => readonly Need[] | undefined;

const operationOf = ({ headers }: SignedCall) => String(headers['x-amz-target']).split('.').at(-1) ?? '';
const formOf = ({ body }: SignedCall) => new URLSearchParams(body.toString());
const inputOf = ({ body }: SignedCall) => JSON.parse(body.toString() || '{}');

/** Which permissions a call takes, by its service's signing name (Service Authorization Reference). */
const readers: Readonly<Record<string, Reader>> = {
  s3: readS3Needs,
  sns: (call) => readSnsNeeds(formOf(call)),
  ec2: (call) => readEc2Needs(formOf(call)),
  batch: (call) => readBatchNeeds(call.path, inputOf(call)),
  dynamodb: (call) => readDynamoDbNeeds(operationOf(call), inputOf(call)),
  lambda: ({ path }) => {
    const id = /^\/2015-03-31\/functions\/([^/]+)\/invocations$/.exec(path)?.[1];
    // Named by its file here, with the stack's prefix on AWS.
    const name = id && decodeURIComponent(id).split(':').at(-1);
    return name
      ? [{ action: 'lambda:InvokeFunction', resource: toArn('lambda', `function:spot-diffusion-${name}`) }]
      : undefined;
  },
  servicequotas: (call) => {
    return operationOf(call) === 'GetServiceQuota' ? anywhere('servicequotas:GetServiceQuota') : undefined;
  },
  pricing: (call) => (operationOf(call) === 'GetProducts' ? anywhere('pricing:GetProducts') : undefined),
  scheduler: readSchedulerNeeds,
  states: readStatesNeeds,
  ecs: readEcsNeeds,
};

/** Undefined for a call that nobody has described here yet. */
export function readNeeds(call: SignedCall): readonly Need[] | undefined {
  return readers[call.signer.service]?.(call);
}

function readSchedulerNeeds(call: SignedCall): readonly Need[] | undefined {
  const name = /^\/schedules\/([^/]+)$/.exec(call.path)?.[1];
  if (call.method !== 'POST' || !name) return undefined;
  const { GroupName = 'default', Target } = inputOf(call);
  return [
    { action: 'scheduler:CreateSchedule', resource: toArn('scheduler', `schedule/${GroupName}/${name}`) },
    { action: 'iam:PassRole', resource: String(Target?.RoleArn) },
  ];
}

/** Each names what it concerns by an ARN. */
const ofStates: Readonly<Record<string, string>> = {
  StartExecution: 'stateMachineArn',
  DescribeExecution: 'executionArn',
  StopExecution: 'executionArn',
};

function readStatesNeeds(call: SignedCall): readonly Need[] | undefined {
  const operation = operationOf(call);
  const field = ofStates[operation];
  return field ? [{ action: `states:${operation}`, resource: String(inputOf(call)[field]) }] : undefined;
}

function readEcsNeeds(call: SignedCall): readonly Need[] | undefined {
  const action = `ecs:${operationOf(call)}`;
  const { cluster, containerInstances = [] } = inputOf(call);
  if (action === 'ecs:ListClusters') return anywhere(action);
  if (action === 'ecs:ListContainerInstances') return [{ action, resource: nameOrArn('ecs', 'cluster/', cluster) }];
  if (action !== 'ecs:DescribeContainerInstances') return undefined;
  return containerInstances.map((id: string) => ({
    action,
    resource: nameOrArn('ecs', `container-instance/${String(cluster).split('/').at(-1)}/`, id),
  }));
}
