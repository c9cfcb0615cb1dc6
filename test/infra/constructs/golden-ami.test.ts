import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aTemplate } from '../synth.ts';

const without = aTemplate();
const template = aTemplate({ goldenAmi: true });
const adopt = { 'Fn::GetAtt': [Match.stringLikeRegexp('^FunctionsAdoptGoldenAmiFunction'), 'Arn'] };
const rebuiltBy = (properties: object) =>
  template.hasResourceProperties('AWS::Events::Rule', { ...properties, Targets: [{ Arn: adopt, Id: 'Target0' }] });

describe('the golden AMI', () => {
  it('is off as the stack comes', () => {
    const types = Object.values(without.toJSON().Resources as Record<string, { Type: string }>).map(({ Type }) => Type);
    expect(types.filter((type) => type.startsWith('AWS::ImageBuilder::'))).toEqual([]);
    without.resourcePropertiesCountIs('AWS::Lambda::Function', { FunctionName: 'spot-diffusion-adopt-golden-ami' }, 0);
  });

  it('is baked each month on a CPU that costs little', () => {
    template.hasResourceProperties('AWS::ImageBuilder::InfrastructureConfiguration', {
      InstanceTypes: ['m6i.large', 'm5.large'],
      TerminateInstanceOnFailure: true,
      InstanceMetadataOptions: { HttpTokens: 'required' },
    });
    template.hasResourceProperties('AWS::ImageBuilder::ImagePipeline', {
      Status: 'ENABLED',
      Schedule: { ScheduleExpression: 'cron(0 3 1 * ? *)', PipelineExecutionStartCondition: 'EXPRESSION_MATCH_ONLY' },
      ImageTestsConfiguration: { ImageTestsEnabled: false },
    });
  });

  it('is the driver AMI of ECS with the image pulled by docker alone, on an encrypted volume as large as at work', () => {
    template.hasResourceProperties('AWS::ImageBuilder::ImageRecipe', {
      ParentImage: Match.stringLikeRegexp('^ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/'),
      BlockDeviceMappings: [{ DeviceName: '/dev/xvda', Ebs: { Encrypted: true, VolumeSize: 60, VolumeType: 'gp3' } }],
    });
    const [component] = Object.values(template.findResources('AWS::ImageBuilder::Component'));
    const data = JSON.stringify(component?.Properties.Data);
    expect(data).toContain('docker pull ');
    expect(data).toContain('"ImageTag"');
    expect(data).not.toMatch(/start ecs|systemctl enable/);
  });

  it('is known by its tag', () => {
    template.hasResourceProperties('AWS::ImageBuilder::DistributionConfiguration', {
      Distributions: [
        { Region: 'us-east-1', AmiDistributionConfiguration: { AmiTags: { 'spot-diffusion': 'golden-ami' } } },
      ],
    });
  });

  it('fills its volume at a set rate: the blocks lie in S3', () => {
    const rate = (given: typeof template) =>
      Object.values(given.findResources('AWS::EC2::LaunchTemplate')).map(
        ({ Properties }) => Properties.LaunchTemplateData.BlockDeviceMappings[0].Ebs.VolumeInitializationRate,
      );
    expect(rate(template)).toEqual([300]);
    expect(rate(without)).toEqual([undefined]);
  });

  it('is adopted when it is built, after a deploy, and looked at each day', () => {
    rebuiltBy({ EventPattern: Match.objectLike({ source: ['aws.imagebuilder'] }) });
    rebuiltBy({
      EventPattern: Match.objectLike({
        source: ['aws.cloudformation'],
        detail: { 'stack-id': [{ Ref: 'AWS::StackId' }], 'status-details': { status: ['UPDATE_COMPLETE'] } },
      }),
    });
    rebuiltBy({ ScheduleExpression: 'rate(1 day)' });
  });

  it('removes nothing that does not carry a tag', () => {
    const statements = Object.values(template.findResources('AWS::IAM::Policy')).flatMap(
      ({ Properties }) => Properties.PolicyDocument.Statement,
    );
    const removing = statements.filter(({ Action }) => /Deregister|DeleteSnapshot/.test(String(Action)));
    expect(removing.length).toBeGreaterThan(0);
    for (const { Condition } of removing) expect(JSON.stringify(Condition)).toContain('aws:ResourceTag/');
  });
});
