import { REGION } from '../../local/names.ts';
import { anywhere, type Need, toArn } from './need.ts';

/** SNS and EC2: a form with an `Action`. */
export function readSnsNeeds(form: URLSearchParams): readonly Need[] | undefined {
  const topic = form.get('TopicArn');
  return form.get('Action') === 'Publish' && topic ? [{ action: 'sns:Publish', resource: topic }] : undefined;
}

/** Actions on one thing: the field that names it, and its ARN. Images and snapshots carry no account. */
const onOne: Readonly<Record<string, readonly [string, (id: string) => string]>> = {
  DeregisterImage: ['ImageId', (id) => `arn:aws:ec2:${REGION}::image/${id}`],
  DeleteSnapshot: ['SnapshotId', (id) => `arn:aws:ec2:${REGION}::snapshot/${id}`],
  TerminateInstances: ['InstanceId.1', (id) => toArn('ec2', `instance/${id}`)],
};

export function readEc2Needs(form: URLSearchParams): readonly Need[] | undefined {
  const action = form.get('Action') ?? '';
  if (action.startsWith('Describe') || action === 'GetSpotPlacementScores') return anywhere(`ec2:${action}`);
  const [field = '', toResource] = onOne[action] ?? [];
  const id = form.get(field);
  return id && toResource ? [{ action: `ec2:${action}`, resource: toResource(id) }] : undefined;
}
