import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { root } from '../../../infra/paths.ts';
import { aTemplate } from '../synth.ts';

const folder = join(root, 'examples', 'schedules');
const night = JSON.parse(readFileSync(join(folder, 'night.json'), 'utf8'));
const template = aTemplate({}, folder);
const [schedule] = Object.values(template.findResources('AWS::Scheduler::Schedule'));
const target = schedule?.Properties.Target;

describe('a schedule', () => {
  it('is a file: there is none as the stack comes', () => {
    aTemplate().resourceCountIs('AWS::Scheduler::Schedule', 0);
  });

  it('fires at its time in its time zone', () => {
    expect(schedule?.Properties).toMatchObject({
      Name: 'night',
      State: 'ENABLED',
      ScheduleExpression: night.expression,
      ScheduleExpressionTimezone: 'Europe/Berlin',
      FlexibleTimeWindow: { Mode: 'OFF' },
    });
  });

  it('starts the workflow itself, with its input and the time that it was for', () => {
    expect(target.Arn).toEqual({ Ref: expect.stringMatching(/^WorkflowMachine/) });
    expect(JSON.parse(target.Input)).toEqual({
      ...night.input,
      schedule: { name: 'night', time: '<aws.scheduler.scheduled-time>' },
    });
  });

  it('leaves what it could not deliver in the dead-letter queue', () => {
    expect(target.DeadLetterConfig).toEqual({
      Arn: { 'Fn::GetAtt': [expect.stringMatching(/^Undelivered/), 'Arn'] },
    });
  });

  it('is made after its group, which it names without a reference', () => {
    const [group] = Object.keys(template.findResources('AWS::Scheduler::ScheduleGroup'));
    expect(schedule?.Properties.GroupName).toBe('spot-diffusion');
    expect(schedule?.DependsOn).toContain(group);
  });

  it('may start this machine and fill this queue, and nothing else', () => {
    const [, id] = /^(.*)$/.exec(target.RoleArn['Fn::GetAtt'][0]) ?? [];
    const policies = template.findResources('AWS::IAM::Policy', { Properties: { Roles: [{ Ref: id }] } });
    const [policy] = Object.values(policies);
    expect(policy?.Properties.PolicyDocument.Statement).toEqual([
      { Effect: 'Allow', Action: 'states:StartExecution', Resource: target.Arn },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: target.DeadLetterConfig.Arn },
    ]);
    template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({ Principal: { Service: 'scheduler.amazonaws.com' }, Condition: Match.anyValue() }),
        ],
      },
    });
  });
});
