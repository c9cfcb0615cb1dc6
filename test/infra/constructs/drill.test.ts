import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aConfig, aTemplate } from '../synth.ts';

const template = aTemplate();
const ours = { 'spot-diffusion': 'worker' };
const ofRole = (prefix: string) =>
  Object.values(template.findResources('AWS::IAM::Policy'))
    .filter(({ Properties }) => Properties.PolicyName.startsWith(prefix))
    .flatMap(({ Properties }) => Properties.PolicyDocument.Statement);

describe('a drill', () => {
  it('sends the notice of a Spot interruption to one running worker of ours', () => {
    template.hasResourceProperties('AWS::FIS::ExperimentTemplate', {
      Targets: {
        workers: {
          ResourceType: 'aws:ec2:spot-instance',
          ResourceTags: ours,
          SelectionMode: 'COUNT(1)',
          Filters: [{ Path: 'State.Name', Values: ['running'] }],
        },
      },
      Actions: {
        interrupt: {
          ActionId: 'aws:ec2:send-spot-instance-interruptions',
          Parameters: { durationBeforeInterruption: 'PT2M' },
        },
      },
    });
  });

  it('is found by the outputs of the stack', () => {
    const [interrupt] = Object.keys(
      template.findResources('AWS::FIS::ExperimentTemplate', {
        Properties: { Tags: { Name: 'spot-diffusion-interrupt' } },
      }),
    );
    template.hasOutput('InterruptTemplateId', { Value: { 'Fn::GetAtt': [interrupt, 'Id'] } });
  });

  it('makes capacity scarce in each zone of ours', () => {
    template.hasResourceProperties('AWS::FIS::ExperimentTemplate', {
      Targets: { pools: { ResourceType: 'aws:ec2:autoscaling-group', ResourceTags: ours } },
      Actions: {
        refuse: {
          ActionId: 'aws:ec2:asg-insufficient-instance-capacity-error',
          Parameters: { availabilityZoneIdentifiers: aConfig().zones.join(','), duration: 'PT20M', percentage: '100' },
        },
      },
    });
  });

  it('knows its targets by the tag that every pool puts on its instances', () => {
    template.allResourcesProperties('AWS::Batch::ComputeEnvironment', { ComputeResources: { Tags: ours } });
  });

  it('may interrupt instances with that tag alone', () => {
    const [interrupt] = ofRole('DrillInterruptRole');
    expect(interrupt).toMatchObject({
      Action: 'ec2:SendSpotInstanceInterruptions',
      Condition: { StringEquals: { 'aws:ResourceTag/spot-diffusion': 'worker' } },
    });
  });

  it('may inject no other error than that of capacity', () => {
    const [inject] = ofRole('DrillCapacityRole');
    expect(inject).toMatchObject({
      Action: 'ec2:InjectApiError',
      Condition: {
        'ForAnyValue:StringEquals': { 'ec2:FisActionId': ['aws:ec2:asg-insufficient-instance-capacity-error'] },
      },
    });
  });

  it('is run by FIS in this account, and by no one else', () => {
    const roles = template.findResources('AWS::IAM::Role', {
      Properties: {
        AssumeRolePolicyDocument: {
          Statement: [
            Match.objectLike({
              Principal: { Service: 'fis.amazonaws.com' },
              Condition: { StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } } },
            }),
          ],
        },
      },
    });
    expect(Object.keys(roles)).toHaveLength(2);
  });
});
