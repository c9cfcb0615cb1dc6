import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { aTemplate } from '../synth.ts';

const template = aTemplate();
const [launchTemplate] = Object.values(template.findResources('AWS::EC2::LaunchTemplate'));
const data = launchTemplate?.Properties.LaunchTemplateData;

describe('an instance', () => {
  it('answers metadata requests by IMDSv2 alone, from a container, too', () => {
    expect(data.MetadataOptions).toEqual({ HttpTokens: 'required', HttpPutResponseHopLimit: 2 });
  });

  it('has an encrypted gp3 volume that goes with it', () => {
    expect(data.BlockDeviceMappings).toEqual([
      {
        DeviceName: '/dev/xvda',
        Ebs: { VolumeType: 'gp3', VolumeSize: 60, Throughput: 200, Encrypted: true, DeleteOnTermination: true },
      },
    ]);
  });

  it('has no key and no way in', () => {
    expect(data).not.toHaveProperty('KeyName');
    expect(data).not.toHaveProperty('NetworkInterfaces');
    template.resourceCountIs('AWS::EC2::KeyPair', 0);
  });

  it('is prepared by a script in user data of several parts, as Batch asks for it', () => {
    const text: string = data.UserData['Fn::Base64'];
    expect(text).toMatch(/^Content-Type: multipart\/mixed; boundary="([^"]+)"\nMIME-Version: 1\.0\n\n/);
    expect(text).toContain('Content-Type: text/x-shellscript; charset="us-ascii"\n\n#!/bin/bash\n');
    expect(text).toContain('\nECS_CONTAINER_STOP_TIMEOUT=110s\n');
  });

  it('has a role with what the ECS agent needs and nothing else', () => {
    const [profile] = Object.values(template.findResources('AWS::IAM::InstanceProfile'));
    const [{ Ref: id }] = profile?.Properties.Roles ?? [];
    const role = template.findResources('AWS::IAM::Role')[id]?.Properties;
    expect(JSON.stringify(role.ManagedPolicyArns)).toContain('service-role/AmazonEC2ContainerServiceforEC2Role');
    expect(role.ManagedPolicyArns).toHaveLength(1);
    expect(role).not.toHaveProperty('Policies');
    const own = template.findResources('AWS::IAM::Policy', { Properties: { Roles: Match.arrayWith([{ Ref: id }]) } });
    expect(own).toEqual({});
  });
});
