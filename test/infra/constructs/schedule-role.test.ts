import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aTemplate } from '../synth.ts';

const template = aTemplate();
const policies = template.findResources('AWS::IAM::Policy', {
  Properties: { Roles: [{ Ref: Match.stringLikeRegexp('^ScheduleRole') }] },
});

describe('the role of schedules that a person adds', () => {
  it('starts the workflow, leaves what it could not deliver, and does nothing else', () => {
    const statements = Object.values(policies).flatMap(({ Properties }) => Properties.PolicyDocument.Statement);
    expect(statements.map(({ Action, Effect, Resource }) => [Effect, Action, JSON.stringify(Resource)])).toEqual([
      ['Allow', 'states:StartExecution', expect.stringContaining('WorkflowMachine')],
      ['Allow', 'sqs:SendMessage', expect.stringContaining('Undelivered')],
    ]);
  });

  it('is taken on by EventBridge Scheduler of this account alone', () => {
    template.hasResourceProperties('AWS::IAM::Role', {
      Description: 'spot-diffusion: a schedule starts a job',
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Principal: { Service: 'scheduler.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
          }),
        ],
      },
    });
  });
});
