import { Duration } from 'aws-cdk-lib';
import { Match, Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { queuePrefix } from '../../functions/core/market/pools.ts';
import type { Functions } from './functions.ts';
import { queueArn } from './pools.ts';

export interface WaitingProps {
  readonly functions: Functions;
  readonly undelivered: Queue;
}

/** Who tells Explain waiting and Find idle instances. */
export class Waiting extends Construct {
  readonly blockedQueue: Rule;

  constructor(scope: Construct, id: string, { functions, undelivered }: WaitingProps) {
    super(scope, id);
    // By prefix: a pattern may have 2,048 characters, and fifty ARNs have twice as many.
    const jobQueue = Match.prefix(queueArn(this, queuePrefix));
    const explain = () => new LambdaFunction(functions.get('explain-waiting').fn, { deadLetterQueue: undelivered });
    this.blockedQueue = new Rule(this, 'BlockedQueue', {
      description: 'AWS Batch says, perhaps once only, why the head of a queue waits',
      eventPattern: { source: ['aws.batch'], detailType: ['Batch Job Queue Blocked'], detail: { jobQueue: jobQueue } },
      targets: [explain()],
    });
    new Rule(this, 'JobState', {
      description: 'A job begins or ends to wait',
      eventPattern: {
        source: ['aws.batch'],
        detailType: ['Batch Job State Change'],
        detail: { jobQueue: jobQueue, status: ['RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'] },
      },
      targets: [explain()],
    });
    new Rule(this, 'IdleCheck', {
      description: 'Looks for a GPU instance that runs without a job',
      schedule: Schedule.rate(Duration.minutes(10)),
      targets: [new LambdaFunction(functions.get('find-idle-instances').fn)],
    });
  }
}
