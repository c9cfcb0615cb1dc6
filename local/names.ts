import { scheduleGroup } from '../functions/core/schedule-group.ts';

/** What the CDK stack calls things, as the local stack calls them. Fixed, so that every link and log line is predictable. */
export const REGION = 'us-east-1';
export const ACCOUNT = '123456789012';
export const BUCKET = 'spot-diffusion';
export const TABLE = 'spot-diffusion-ledger';
export const TOPIC = 'spot-diffusion';
export const TIMER_GROUP = scheduleGroup;
export const STATE_MACHINE = 'spot-diffusion';
export const JOB_DEFINITION = 'spot-diffusion-worker';

export const TOPIC_ARN = `arn:aws:sns:${REGION}:${ACCOUNT}:${TOPIC}`;
export const STATE_MACHINE_ARN = `arn:aws:states:${REGION}:${ACCOUNT}:stateMachine:${STATE_MACHINE}`;
export const EXECUTION_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/${STATE_MACHINE}`;
export const JOB_DEFINITION_ARN = `arn:aws:batch:${REGION}:${ACCOUNT}:job-definition/${JOB_DEFINITION}:1`;
export const FUNCTION_ARN_PREFIX = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:`;
export const SCHEDULE_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/${TIMER_GROUP}-schedule`;
export const UNDELIVERED_ARN = `arn:aws:sqs:${REGION}:${ACCOUNT}:${TIMER_GROUP}-undelivered`;
export const TIMER_ROLE_ARN = `arn:aws:iam::${ACCOUNT}:role/${TIMER_GROUP}-timer`;

/** Below it the metadata service of each job's pretended host answers. */
export const IMDS_PREFIX = '/_imds/';

/** Any key pair will do: the router checks no signature. These are what our own clients sign with. */
export const DUMMY_CREDENTIALS = { accessKeyId: 'local', secretAccessKey: 'local' } as const;

/**
 * By its access key id a call tells whose it is: each function signs with one of its own, a worker with its job's id, and
 * the state machine with the one that is written in moto's engine (`boto_client_for` in moto.stepfunctions.parser.asl.utils).
 */
export const FUNCTION_KEY_PREFIX = 'lambda-';
export const MACHINE_ACCESS_KEY_ID = 'ak';
