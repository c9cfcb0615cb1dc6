import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aTemplate } from '../synth.ts';

const template = aTemplate();
const [topicId] = Object.keys(template.findResources('AWS::SNS::Topic'));
const ofThisAccount = { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } };
const senders = ['cloudwatch.amazonaws.com', 'budgets.amazonaws.com'];

describe('the topic', () => {
  it('is encrypted with a key of ours, which turns as seldom as AWS allows: each turn costs', () => {
    template.hasResourceProperties('AWS::SNS::Topic', {
      KmsMasterKeyId: { 'Fn::GetAtt': [Match.stringLikeRegexp('^MessagesKey'), 'Arn'] },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      EnableKeyRotation: true,
      RotationPeriodInDays: 2560,
    });
  });

  it.each(senders)('is open to %s: by its policy and by that of the key', (service) => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: service },
            Resource: { Ref: topicId },
            Condition: ofThisAccount,
          }),
        ]),
      },
    });
    template.hasResourceProperties('AWS::KMS::Key', {
      KeyPolicy: {
        Statement: Match.arrayWith([
          {
            Effect: 'Allow',
            Action: ['kms:GenerateDataKey*', 'kms:Decrypt'],
            Principal: { Service: service },
            Resource: '*',
            Condition: ofThisAccount,
          },
        ]),
      },
    });
  });

  it('is the target of no rule: EventBridge would need the key, too', () => {
    for (const { Properties } of Object.values(template.findResources('AWS::Events::Rule'))) {
      expect(JSON.stringify(Properties.Targets)).not.toContain(topicId);
    }
  });

  it('takes messages over TLS alone', () => {
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  it('mails to nobody, or to whom the deployer names', () => {
    template.resourceCountIs('AWS::SNS::Subscription', 0);
    aTemplate({ email: 'someone@example.com' }).hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'someone@example.com',
      TopicArn: { Ref: topicId },
    });
  });

  it('is known to who sends: the key comes with it', () => {
    expect(JSON.stringify(template.findResources('AWS::IAM::Policy')).match(/sns:Publish/g)).toHaveLength(2);
    template.hasResourceProperties('AWS::IAM::Policy', {
      PolicyName: Match.stringLikeRegexp('^WorkflowRole'),
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Action: 'sns:Publish', Resource: { Ref: topicId } }),
          Match.objectLike({ Action: ['kms:GenerateDataKey', 'kms:Decrypt'] }),
        ]),
      },
    });
  });
});
