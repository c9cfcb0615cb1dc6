import { Stack } from 'aws-cdk-lib';
import { CfnExperimentTemplate } from 'aws-cdk-lib/aws-fis';
import { type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ourTag } from '../../functions/core/our-tag.ts';
import type { Config } from '../config.ts';
import { allow, describe } from './grants.ts';

const resourceTags = { [ourTag.key]: ourTag.worker };
const stopConditions = [{ source: 'none' }];
const refuseAction = 'aws:ec2:asg-insufficient-instance-capacity-error';

/** Rehearsals by AWS FIS, on this stack's instances alone; nothing runs and nothing is paid until one is started. */
export class Drill extends Construct {
  /** What `npm start -- drill` starts. */
  readonly interruptTemplateId: string;

  constructor(scope: Construct, id: string, { zones }: Config) {
    super(scope, id);
    this.interruptTemplateId = this.interruptSpot(this.makeInterruptRole());
    this.refuseCapacity(zones, this.makeCapacityRole());
  }

  private interruptSpot(role: Role): string {
    const template = new CfnExperimentTemplate(this, 'Interrupt', {
      description: 'spot-diffusion: EC2 announces the interruption of one worker and takes it back two minutes later',
      roleArn: role.roleArn,
      stopConditions,
      tags: { Name: 'spot-diffusion-interrupt' },
      targets: {
        workers: {
          resourceType: 'aws:ec2:spot-instance',
          resourceTags,
          selectionMode: 'COUNT(1)',
          filters: [{ path: 'State.Name', values: ['running'] }],
        },
      },
      actions: {
        interrupt: {
          actionId: 'aws:ec2:send-spot-instance-interruptions',
          parameters: { durationBeforeInterruption: 'PT2M' },
          targets: { SpotInstances: 'workers' },
        },
      },
    });
    return template.attrId;
  }

  private refuseCapacity(zones: readonly string[], role: Role): void {
    new CfnExperimentTemplate(this, 'RefuseCapacity', {
      description:
        'spot-diffusion: launches of our Auto Scaling groups get InsufficientInstanceCapacity for 20 minutes',
      roleArn: role.roleArn,
      stopConditions,
      tags: { Name: 'spot-diffusion-refuse-capacity' },
      targets: { pools: { resourceType: 'aws:ec2:autoscaling-group', resourceTags, selectionMode: 'ALL' } },
      actions: {
        refuse: {
          actionId: refuseAction,
          parameters: { availabilityZoneIdentifiers: zones.join(','), duration: 'PT20M', percentage: '100' },
          targets: { AutoScalingGroups: 'pools' },
        },
      },
    });
  }

  private makeInterruptRole(): Role {
    const instances = Stack.of(this).formatArn({ service: 'ec2', resource: 'instance', resourceName: '*' });
    const interrupt = allow(['ec2:SendSpotInstanceInterruptions'], [instances]);
    interrupt.addCondition('StringEquals', { [`aws:ResourceTag/${ourTag.key}`]: ourTag.worker });
    return this.makeRole('InterruptRole', interrupt, describe('ec2:DescribeInstances'));
  }

  private makeCapacityRole(): Role {
    const inject = allow(['ec2:InjectApiError']);
    inject.addCondition('ForAnyValue:StringEquals', { 'ec2:FisActionId': [refuseAction] });
    return this.makeRole('CapacityRole', inject, describe('autoscaling:DescribeAutoScalingGroups'));
  }

  private makeRole(id: string, ...statements: readonly PolicyStatement[]): Role {
    const conditions = { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } };
    const role = new Role(this, id, { assumedBy: new ServicePrincipal('fis.amazonaws.com', { conditions }) });
    for (const statement of statements) role.addToPolicy(statement);
    return role;
  }
}
