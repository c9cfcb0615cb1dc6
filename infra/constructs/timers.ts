import { Role } from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import { Construct } from 'constructs';
import { scheduleGroup } from '../../functions/core/schedule-group.ts';
import { functionArn } from './function.ts';
import { allow, schedulerOf } from './grants.ts';

/** The schedule group of people's schedules and of our own one-time timers. */
export class Timers extends Construct {
  readonly group = scheduleGroup;
  readonly roleArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    new CfnScheduleGroup(this, 'Group', { name: this.group });
    const role = new Role(this, 'Role', {
      assumedBy: schedulerOf(this),
      description: 'spot-diffusion: a timer wakes Explain waiting',
    });
    role.addToPolicy(allow(['lambda:InvokeFunction'], [functionArn(this, 'explain-waiting')]));
    this.roleArn = role.roleArn;
  }
}
