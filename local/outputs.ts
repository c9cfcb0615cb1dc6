import { ZONES } from './market/pools.ts';
import { INSTANCE_TYPES } from './market/published-prices.ts';
import { BUCKET, SCHEDULE_ROLE_ARN, STATE_MACHINE_ARN, TABLE, TOPIC_ARN, UNDELIVERED_ARN } from './names.ts';

/** What the stack prints on AWS (`infra/stack.ts`), as it is called here; empty: there is none on this machine. */
export const localOutputs = {
  BucketName: BUCKET,
  DefaultModel: 'tiny',
  ImportProject: '',
  InstanceTypes: INSTANCE_TYPES.join(','),
  InterruptTemplateId: '',
  LedgerName: TABLE,
  ScheduleRoleArn: SCHEDULE_ROLE_ARN,
  StateMachineArn: STATE_MACHINE_ARN,
  TopicArn: TOPIC_ARN,
  UndeliveredQueueArn: UNDELIVERED_ARN,
  WorkerImage: '',
  Zones: ZONES.map(({ id }) => id).join(','),
} as const;
