import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aConfig, aTemplate, ownVpc } from '../synth.ts';

const template = aTemplate();

describe('the network', () => {
  it('has a public subnet per zone, placed by AZ id', () => {
    const subnets = Object.values(template.findResources('AWS::EC2::Subnet')).map(({ Properties }) => Properties);
    expect(subnets.map(({ AvailabilityZoneId }) => AvailabilityZoneId)).toEqual(aConfig().zones);
    expect(subnets.every(({ MapPublicIpOnLaunch }) => MapPublicIpOnLaunch)).toBe(true);
    expect(new Set(subnets.map(({ CidrBlock }) => CidrBlock)).size).toBe(subnets.length);
    template.hasResourceProperties('AWS::EC2::Route', {
      DestinationCidrBlock: '0.0.0.0/0',
      GatewayId: { Ref: Match.stringLikeRegexp('InternetGateway') },
    });
  });

  it('has no NAT gateway and no address that is paid for', () => {
    template.resourceCountIs('AWS::EC2::NatGateway', 0);
    template.resourceCountIs('AWS::EC2::EIP', 0);
  });

  it('reaches S3 by a gateway endpoint, which is free', () => {
    template.resourceCountIs('AWS::EC2::VPCEndpoint', 1);
    template.hasResourceProperties('AWS::EC2::VPCEndpoint', {
      VpcEndpointType: 'Gateway',
      ServiceName: 'com.amazonaws.us-east-1.s3',
    });
  });

  it('lets nothing in', () => {
    template.resourceCountIs('AWS::EC2::SecurityGroup', 1);
    template.resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
    template.hasResourceProperties('AWS::EC2::SecurityGroup', { SecurityGroupIngress: Match.absent() });
  });

  it("makes nothing but a security group in a VPC of one's own", () => {
    const own = aTemplate(ownVpc);
    for (const type of ['VPC', 'Subnet', 'InternetGateway', 'RouteTable', 'VPCEndpoint']) {
      own.resourceCountIs(`AWS::EC2::${type}`, 0);
    }
    own.hasResourceProperties('AWS::EC2::SecurityGroup', { VpcId: ownVpc.vpcId });
    own.allResourcesProperties('AWS::Batch::ComputeEnvironment', {
      ComputeResources: { Subnets: ['subnet-0123456789abcdef0'] },
    });
  });
});
