import type { SignedCall } from '../../local/address/guard.ts';
import { toJsonReply, toXmlReply, type WireReply } from '../../local/address/wire.ts';
import { FUNCTION_KEY_PREFIX } from '../../local/names.ts';
import { toArn } from './need.ts';

/** Two golden AMIs, one running instance in the cluster of one compute environment that starts from the older image. */
const IMAGES = ['ami-older', 'ami-newer'];
const INSTANCE = 'i-0abc';
const ENVIRONMENT = toArn('batch', 'compute-environment/one');
const CLUSTER = toArn('ecs', 'cluster/one');
const MEMBER = toArn('ecs', 'container-instance/one/member');

/** The one job that waits, asked for by Explain waiting alone: the others talk of real jobs. */
export const WAITING_JOB = '11111111-2222-4333-8444-555555555555';
const EXPLAINER = `${FUNCTION_KEY_PREFIX}explain-waiting`;

type Answers = Readonly<Record<string, (call: SignedCall) => WireReply>>;

/** A little of EC2, ECS, Batch and Scheduler for the functions beside the machine: as much as makes them make all their calls. */
export function makeStandIn(): (call: SignedCall) => WireReply | undefined {
  let imageIdOverride = IMAGES[0];
  const ec2Configuration = () => [{ imageType: 'ECS_AL2023_NVIDIA', imageIdOverride }];
  const answers: Answers = {
    'ec2 DescribeInstances': () => toXmlReply(200, reservations()),
    'ec2 GetSpotPlacementScores': () => toXmlReply(200, '<GetSpotPlacementScoresResponse/>'),
    'ec2 DescribeImages': () => toXmlReply(200, images()),
    'ec2 DeregisterImage': () =>
      toXmlReply(200, '<DeregisterImageResponse><return>true</return></DeregisterImageResponse>'),
    'ec2 DeleteSnapshot': () =>
      toXmlReply(200, '<DeleteSnapshotResponse><return>true</return></DeleteSnapshotResponse>'),
    'batch /v1/describejobqueues': () =>
      toJsonReply({ jobQueues: [{ computeEnvironmentOrder: [{ order: 1, computeEnvironment: ENVIRONMENT }] }] }),
    'batch /v1/describecomputeenvironments': () =>
      toJsonReply({
        computeEnvironments: [
          {
            computeEnvironmentArn: ENVIRONMENT,
            status: 'VALID',
            ecsClusterArn: CLUSTER,
            computeResources: { ec2Configuration: ec2Configuration() },
          },
        ],
      }),
    'batch /v1/updatecomputeenvironment': ({ body }) => {
      imageIdOverride = JSON.parse(body.toString()).computeResources.ec2Configuration[0].imageIdOverride;
      return toJsonReply({ computeEnvironmentArn: ENVIRONMENT });
    },
    'ecs ListContainerInstances': () => toJsonReply({ containerInstanceArns: [MEMBER] }),
    'ecs DescribeContainerInstances': () =>
      toJsonReply({ containerInstances: [{ ec2InstanceId: INSTANCE, runningTasksCount: 0, pendingTasksCount: 0 }] }),
    'scheduler POST': () => toJsonReply({ ScheduleArn: toArn('scheduler', 'schedule/spot-diffusion/timer') }),
  };
  const ofWaiting: Answers = {
    'batch /v1/describejobs': () =>
      toJsonReply({ jobs: [{ jobId: WAITING_JOB, jobName: 'waits', status: 'RUNNABLE' }] }),
    'batch /v1/listjobs': () => toJsonReply({ jobSummaryList: [{ jobId: WAITING_JOB, jobName: 'waits' }] }),
    'batch /v1/canceljob': () => toJsonReply({}),
  };
  return (call) => {
    const known = call.signer.accessKeyId === EXPLAINER ? { ...answers, ...ofWaiting } : answers;
    return known[`${call.signer.service} ${operationOf(call)}`]?.(call);
  };
}

function operationOf({ signer, path, method, headers, body }: SignedCall): string {
  if (signer.service === 'ec2') return new URLSearchParams(body.toString()).get('Action') ?? '';
  if (signer.service === 'scheduler') return method;
  return headers['x-amz-target'] ? (String(headers['x-amz-target']).split('.').at(-1) ?? '') : path;
}

function reservations(): string {
  const item = `<instanceId>${INSTANCE}</instanceId><launchTime>2026-01-01T00:00:00.000Z</launchTime>`;
  const set = `<instancesSet><item>${item}</item></instancesSet>`;
  return `<DescribeInstancesResponse><reservationSet><item>${set}</item></reservationSet></DescribeInstancesResponse>`;
}

function images(): string {
  const items = IMAGES.map((id, day) => {
    const snapshot = `<blockDeviceMapping><item><ebs><snapshotId>snap-${day}</snapshotId></ebs></item></blockDeviceMapping>`;
    const created = `<creationDate>2026-01-0${day + 1}T00:00:00.000Z</creationDate>`;
    return `<item><imageId>${id}</imageId>${created}${snapshot}</item>`;
  });
  return `<DescribeImagesResponse><imagesSet>${items.join('')}</imagesSet></DescribeImagesResponse>`;
}
