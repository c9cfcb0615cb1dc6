import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'aws-cdk-lib';
import {
  BlockDeviceVolume,
  EbsDeviceVolumeType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  MultipartBody,
  MultipartUserData,
} from 'aws-cdk-lib/aws-ec2';
import { CfnInstanceProfile, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';

const prepare = readFileSync(join(import.meta.dirname, '..', 'prepare-instance.sh'), 'utf8');

/** One role, profile and launch template for all pools: what an instance is, whatever its type. */
export class Instances extends Construct {
  readonly profileArn: string;
  readonly launchTemplate: LaunchTemplate;

  constructor(scope: Construct, id: string, { goldenAmi }: { readonly goldenAmi: boolean }) {
    super(scope, id);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      description:
        'spot-diffusion: the ECS agent of an instance. With hop limit 2 a worker could read it: nothing else is in it.',
      managedPolicies: [ManagedPolicy.fromAwsManagedPolicyName('service-role/AmazonEC2ContainerServiceforEC2Role')],
    });
    acknowledge(role, {
      'AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/service-role/AmazonEC2ContainerServiceforEC2Role]':
        "What the ECS agent needs is AWS's to say; Batch asks for this policy by name.",
    });
    this.profileArn = new CfnInstanceProfile(this, 'Profile', { roles: [role.roleName] }).attrArn;
    const userData = new MultipartUserData();
    userData.addPart(
      MultipartBody.fromRawBody({ contentType: 'text/x-shellscript; charset="us-ascii"', body: prepare }),
    );
    this.launchTemplate = new LaunchTemplate(this, 'LaunchTemplate', {
      userData,
      httpTokens: LaunchTemplateHttpTokens.REQUIRED,
      // A container is one hop further away than its host, and the worker polls the Spot notice.
      httpPutResponseHopLimit: 2,
      blockDevices: [
        {
          deviceName: '/dev/xvda',
          volume: BlockDeviceVolume.ebs(60, {
            volumeType: EbsDeviceVolumeType.GP3,
            throughput: 200,
            encrypted: true,
            deleteOnTermination: true,
            // A golden AMI's image would be read from S3 block by block at its first use.
            ...(goldenAmi && { volumeInitializationRate: Size.mebibytes(300) }),
          }),
        },
      ],
    });
  }
}
