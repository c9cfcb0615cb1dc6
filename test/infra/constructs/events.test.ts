import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { listPools, queueName } from '../../../functions/core/market/pools.ts';
import { aConfig, aTemplate } from '../synth.ts';

const template = aTemplate();
const undelivered = { 'Fn::GetAtt': [Match.stringLikeRegexp('^Undelivered'), 'Arn'] };
const toFunction = (id: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(`^Functions${id}Function`), 'Arn'] });
const queues = 'spot-diffusion-';
const ofOurQueues = {
  jobQueue: [
    { prefix: { 'Fn::Join': ['', ['arn:aws:batch:us-east-1:', { Ref: 'AWS::AccountId' }, `:job-queue/${queues}`]] } },
  ],
};

describe('what is told to Explain waiting', () => {
  it('is that a queue of ours is blocked', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: { source: ['aws.batch'], 'detail-type': ['Batch Job Queue Blocked'], detail: ofOurQueues },
      Targets: [{ Arn: toFunction('ExplainWaiting'), DeadLetterConfig: { Arn: undelivered }, Id: 'Target0' }],
    });
  });

  it('is that a job of ours begins or ends to wait', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.batch'],
        'detail-type': ['Batch Job State Change'],
        detail: { ...ofOurQueues, status: ['RUNNABLE', 'STARTING', 'RUNNING', 'SUCCEEDED', 'FAILED'] },
      },
      Targets: [{ Arn: toFunction('ExplainWaiting'), DeadLetterConfig: { Arn: undelivered }, Id: 'Target0' }],
    });
  });

  it('comes from each queue: the prefix is that of their names', () => {
    const { zones, instanceTypes } = aConfig();
    expect(listPools(zones, instanceTypes).every((pool) => queueName(pool).startsWith(queues))).toBe(true);
  });

  it('is its own timer: Scheduler may call it, and nothing else', () => {
    template.hasResourceProperties('AWS::Scheduler::ScheduleGroup', { Name: 'spot-diffusion' });
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^TimersRole'),
      PolicyDocument: {
        Statement: [
          {
            Action: 'lambda:InvokeFunction',
            Effect: 'Allow',
            Resource: Match.objectLike({
              'Fn::Join': ['', Match.arrayWith([Match.stringLikeRegexp(':function:spot-diffusion-explain-waiting$')])],
            }),
          },
        ],
      },
    });
  });
});

describe('the events', () => {
  it('look for a GPU instance without a job every ten minutes', () => {
    template.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(10 minutes)',
      Targets: [{ Arn: toFunction('FindIdleInstances'), Id: 'Target0' }],
    });
  });

  it('may call their functions, each its own', () => {
    const rules = template.findResources('AWS::Events::Rule');
    const calls = Object.values(template.findResources('AWS::Lambda::Permission'))
      .filter(({ Properties }) => Properties.Principal === 'events.amazonaws.com')
      .map(({ Properties }) => [Properties.SourceArn['Fn::GetAtt'][0], Properties.FunctionName]);
    const targets = Object.entries(rules).map(([id, { Properties }]) => [id, Properties.Targets[0].Arn]);
    expect(calls).toHaveLength(4);
    expect(Object.fromEntries(calls)).toEqual(Object.fromEntries(targets));
  });

  it('whose function fails are kept, too', () => {
    const keeping = Object.values(template.findResources('AWS::Lambda::EventInvokeConfig')).map(({ Properties }) => {
      expect(Properties.DestinationConfig.OnFailure.Destination).toEqual({
        'Fn::GetAtt': [expect.stringMatching(/^Undelivered/), 'Arn'],
      });
      return Properties.FunctionName.Ref.replace(/^Functions(\w+)Function\w{8}$/, '$1');
    });
    expect(keeping.sort()).toEqual(['CleanUpJob', 'ExplainWaiting', 'FindIdleInstances']);
  });

  it('that reached nobody are kept, encrypted, over TLS alone', () => {
    template.resourceCountIs('AWS::SQS::Queue', 1);
    template.hasResourceProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
    template.hasResourceProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });
});
