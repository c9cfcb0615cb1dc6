import { Duration, Stack } from 'aws-cdk-lib';
import { functionArn } from './function.ts';
import type { FunctionContext, FunctionSpec } from './function-spec.ts';
import {
  allow,
  cancelJobs,
  describe,
  listObjects,
  machineArn,
  readObjects,
  stopExecutions,
  terminateJobs,
  useLedger,
} from './grants.ts';
import { closingStatements } from './workflow-functions.ts';

/** The functions beside the machine: they are told by events, by the clock or by a browser. */
export function listSideFunctions(context: FunctionContext): readonly FunctionSpec[] {
  const { table, scope, messages, sharp, environment } = context;
  const told: readonly FunctionSpec[] = [
    {
      name: 'clean-up-job',
      description: 'The end that the machine cannot catch: ends the Batch jobs, frees, closes, notifies',
      environment: {
        ...environment.bucket,
        ...environment.table,
        ...environment.closing,
        TOPIC_ARN: messages.topic.topicArn,
        STATE_MACHINE_ARN: machineArn(scope),
      },
      statements: [
        ...closingStatements(context),
        useLedger(table, 'GetItem', 'UpdateItem', 'Query'),
        describe('batch:ListJobs'),
        terminateJobs(scope),
        stopExecutions(scope),
        ...messages.publishStatements(),
      ],
      memoryMib: 1769,
      timeout: Duration.minutes(15),
      layers: [sharp],
    },
    explainWaiting(context),
    {
      name: 'find-idle-instances',
      description: 'Looks for a GPU instance that runs without a job',
      environment: environment.pools,
      statements: [
        describe('ec2:DescribeInstances', 'batch:DescribeJobQueues', 'batch:DescribeComputeEnvironments'),
        describe('ecs:ListContainerInstances', 'ecs:DescribeContainerInstances'),
      ],
    },
  ];
  return told.map((spec) => ({ ...spec, onFailure: context.undelivered }));
}

function explainWaiting({ table, scope, timers, environment }: FunctionContext): FunctionSpec {
  const stack = Stack.of(scope);
  const name = 'explain-waiting';
  const passRole = allow(['iam:PassRole'], [timers.roleArn]);
  passRole.addCondition('StringEquals', { 'iam:PassedToService': 'scheduler.amazonaws.com' });
  const timer = stack.formatArn({
    service: 'scheduler',
    resource: 'schedule',
    resourceName: `${timers.group}/look-again-*`,
  });
  return {
    name,
    description: 'Says in one sentence why a job waits; closes a pool without capacity',
    environment: {
      ...environment.table,
      ...environment.pools,
      TIMER_ROLE_ARN: timers.roleArn,
      TIMER_GROUP: timers.group,
      SELF_ARN: functionArn(scope, name),
    },
    statements: [
      useLedger(table, 'PutItem', 'GetItem'),
      describe('batch:ListJobs', 'batch:DescribeJobs'),
      cancelJobs(scope),
      describe('servicequotas:GetServiceQuota', 'ec2:DescribeInstances'),
      allow(['scheduler:CreateSchedule'], [timer]),
      passRole,
    ],
  };
}

export function galleryDoor({ bucket, table, environment }: FunctionContext): FunctionSpec {
  return {
    name: 'gallery-door',
    description: 'Redirects the links of a report to fresh presigned URLs, for who has its token',
    environment: { ...environment.bucket, ...environment.table },
    statements: [
      readObjects(bucket, 'jobs/*', 'images/*', 'thumbnails/*'),
      listObjects(bucket),
      useLedger(table, 'GetItem'),
    ],
    timeout: Duration.seconds(30),
  };
}
