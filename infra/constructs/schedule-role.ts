import { Role } from 'aws-cdk-lib/aws-iam';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { allow, schedulerOf } from './grants.ts';

export interface ScheduleRoleProps {
  readonly machine: StateMachine;
  readonly undelivered: Queue;
}

/** What a schedule may do that was made by `npm start -- schedule add`; those of `schedules/*.json` have roles of CDK's. */
export class ScheduleRole extends Construct {
  readonly arn: string;

  constructor(scope: Construct, id: string, { machine, undelivered }: ScheduleRoleProps) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: schedulerOf(this),
      description: 'spot-diffusion: a schedule starts a job',
    });
    role.addToPolicy(allow(['states:StartExecution'], [machine.stateMachineArn]));
    role.addToPolicy(allow(['sqs:SendMessage'], [undelivered.queueArn]));
    this.arn = role.roleArn;
  }
}
