import { Duration, Stack } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { CfnInstanceProfile, ManagedPolicy, type PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  CfnComponent,
  CfnDistributionConfiguration,
  CfnImagePipeline,
  CfnImageRecipe,
  CfnInfrastructureConfiguration,
} from 'aws-cdk-lib/aws-imagebuilder';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ourTag } from '../../functions/core/our-tag.ts';
import { acknowledge } from '../acknowledge.ts';
import type { Config } from '../config.ts';
import { type Functions, poolsEnvironment } from './functions.ts';
import { allow, describe } from './grants.ts';
import type { WorkerImage } from './worker-image.ts';

/** The AMI that Batch itself starts GPU instances from. */
const parent = 'ssm:/aws/service/ecs/optimized-ami/amazon-linux-2023/gpu/recommended/image_id';

export interface GoldenAmiProps {
  readonly config: Config;
  readonly image: WorkerImage;
  readonly functions: Functions;
  readonly undelivered: Queue;
}

/** Set up on a small machine, launch on a big one: each month a CPU instance bakes the pulled image into the driver AMI. */
export class GoldenAmi extends Construct {
  constructor(scope: Construct, id: string, props: GoldenAmiProps) {
    super(scope, id);
    new CfnImagePipeline(this, 'Pipeline', {
      name: 'spot-diffusion',
      imageRecipeArn: this.makeRecipe(props.image).attrArn,
      infrastructureConfigurationArn: this.makeInfrastructure(props.image.repositoryArn).attrArn,
      distributionConfigurationArn: this.makeDistribution(props.config.region).attrArn,
      // Its own tests start instances that prove nothing here: a GPU driver needs a GPU.
      imageTestsConfiguration: { imageTestsEnabled: false },
      schedule: {
        scheduleExpression: 'cron(0 3 1 * ? *)',
        pipelineExecutionStartCondition: 'EXPRESSION_MATCH_ONLY',
      },
      status: 'ENABLED',
    });
    this.adopt(props);
  }

  /** On a builder without a GPU the ECS agent does not start: docker alone pulls. */
  private makeRecipe({ uri, fingerprint }: WorkerImage): CfnImageRecipe {
    const registry = `${Stack.of(this).account}.dkr.ecr.${Stack.of(this).region}.amazonaws.com`;
    const commands = [
      'systemctl start docker',
      `aws ecr get-login-password --region ${Stack.of(this).region} | docker login --username AWS --password-stdin ${registry}`,
      `docker pull ${uri}`,
      'rm -f /root/.docker/config.json',
    ];
    const document = {
      schemaVersion: 1.0,
      phases: [{ name: 'build', steps: [{ name: 'PullImage', action: 'ExecuteBash', inputs: { commands } }] }],
    };
    // A component's data can't change under its version: the version follows the image and what is done with it.
    const version = `1.0.${Number.parseInt(fingerprint.slice(0, 4), 16) + commands.length}`;
    const component = new CfnComponent(this, 'Component', {
      name: 'spot-diffusion-pull-image',
      platform: 'Linux',
      version,
      data: Stack.of(this).toJsonString(document),
    });
    return new CfnImageRecipe(this, 'Recipe', {
      name: 'spot-diffusion',
      version,
      parentImage: parent,
      components: [{ componentArn: component.attrArn }],
      blockDeviceMappings: [
        {
          deviceName: '/dev/xvda',
          ebs: { volumeSize: 60, volumeType: 'gp3', encrypted: true, deleteOnTermination: true },
        },
      ],
    });
  }

  private makeInfrastructure(repositoryArn: string): CfnInfrastructureConfiguration {
    const managed = ['EC2InstanceProfileForImageBuilder', 'AmazonSSMManagedInstanceCore'];
    const role = new Role(this, 'BuilderRole', {
      assumedBy: new ServicePrincipal('ec2.amazonaws.com'),
      managedPolicies: managed.map((name) => ManagedPolicy.fromAwsManagedPolicyName(name)),
    });
    role.addToPolicy(allow(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'], [repositoryArn]));
    role.addToPolicy(describe('ecr:GetAuthorizationToken'));
    for (const name of managed) {
      acknowledge(role, {
        [`AwsSolutions-IAM4[Policy::arn:<AWS::Partition>:iam::aws:policy/${name}]`]:
          'Image Builder asks for this policy on the instances that it starts.',
      });
    }
    const profile = new CfnInstanceProfile(this, 'BuilderProfile', { roles: [role.roleName] });
    return new CfnInfrastructureConfiguration(this, 'Infrastructure', {
      name: 'spot-diffusion',
      instanceProfileName: profile.ref,
      // Cheap and without a GPU.
      instanceTypes: ['m6i.large', 'm5.large'],
      terminateInstanceOnFailure: true,
      instanceMetadataOptions: { httpTokens: 'required', httpPutResponseHopLimit: 1 },
    });
  }

  private makeDistribution(region: string): CfnDistributionConfiguration {
    return new CfnDistributionConfiguration(this, 'Distribution', {
      name: 'spot-diffusion',
      distributions: [
        {
          region,
          amiDistributionConfiguration: {
            Name: 'spot-diffusion-{{ imagebuilder:buildDate }}',
            AmiTags: { [ourTag.key]: ourTag.goldenAmi },
          },
        },
      ],
    });
  }

  /** First every compute environment takes the new AMI, only then the old one goes; looked at again daily. */
  private adopt({ functions, config, undelivered }: GoldenAmiProps): void {
    const { fn } = functions.add({
      name: 'adopt-golden-ami',
      description: 'Moves the compute environments to the newest golden AMI, then deletes the older ones',
      onFailure: undelivered,
      environment: poolsEnvironment(config),
      statements: this.listAdoptRights(),
    });
    const target = new LambdaFunction(fn);
    new Rule(this, 'Built', {
      eventPattern: {
        source: ['aws.imagebuilder'],
        detailType: ['EC2 Image Builder Image State Change'],
        detail: { state: { status: ['AVAILABLE'] } },
      },
      targets: [target],
    });
    // A deploy that changes a compute environment sends it back to the AMI of AWS.
    new Rule(this, 'Deployed', {
      eventPattern: {
        source: ['aws.cloudformation'],
        detailType: ['CloudFormation Stack Status Change'],
        detail: { 'stack-id': [Stack.of(this).stackId], 'status-details': { status: ['UPDATE_COMPLETE'] } },
      },
      targets: [target],
    });
    new Rule(this, 'Daily', { schedule: Schedule.rate(Duration.days(1)), targets: [target] });
  }

  private listAdoptRights(): readonly PolicyStatement[] {
    const stack = Stack.of(this);
    const remove = (action: string, resource: string, [key, value]: readonly [string, string]) => {
      const statement = allow([action], [`arn:${stack.partition}:ec2:${stack.region}::${resource}/*`]);
      statement.addCondition('StringEquals', { [`aws:ResourceTag/${key}`]: value });
      return statement;
    };
    return [
      describe('ec2:DescribeImages', 'batch:DescribeJobQueues', 'batch:DescribeComputeEnvironments'),
      allow(
        ['batch:UpdateComputeEnvironment'],
        [stack.formatArn({ service: 'batch', resource: 'compute-environment', resourceName: '*' })],
      ),
      remove('ec2:DeregisterImage', 'image', [ourTag.key, ourTag.goldenAmi]),
      // An AMI's tags do not reach its snapshots; Image Builder's own tag does.
      remove('ec2:DeleteSnapshot', 'snapshot', ['CreatedBy', 'EC2 Image Builder']),
    ];
  }
}
