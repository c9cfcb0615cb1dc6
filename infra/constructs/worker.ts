import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnJobDefinition } from 'aws-cdk-lib/aws-batch';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';

export const jobDefinitionName = 'spot-diffusion-worker';

export interface WorkerProps {
  readonly image: string;
  readonly bucket: Bucket;
  readonly retention: RetentionDays;
}

/** The worker's job definition. Pool, memory and shard come with each submit; Batch itself never retries. */
export class Worker extends Construct {
  readonly jobDefinitionArn: string;
  readonly role: Role;

  constructor(scope: Construct, id: string, { image, bucket, retention }: WorkerProps) {
    super(scope, id);
    // Without a group of its own the log would go to /aws/batch/job, which has no retention and survives the stack.
    const log = new LogGroup(this, 'Log', {
      logGroupName: '/spot-diffusion/worker',
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = this.makeRole(bucket);
    const definition = new CfnJobDefinition(this, 'JobDefinition', {
      jobDefinitionName,
      type: 'container',
      platformCapabilities: ['EC2'],
      propagateTags: true,
      // A deploy must not pull the definition from under jobs that were planned with it.
      resourceRetentionPolicy: { skipDeregisterOnUpdate: true },
      retryStrategy: { attempts: 1 },
      timeout: { attemptDurationSeconds: 3600 },
      containerProperties: {
        image,
        jobRoleArn: this.role.roleArn,
        resourceRequirements: [
          { type: 'GPU', value: '1' },
          { type: 'VCPU', value: '4' },
          { type: 'MEMORY', value: '14000' },
        ],
        environment: [
          { name: 'BUCKET', value: bucket.bucketName },
          // ECS sets no region, and boto3 looks for none in the instance's metadata.
          { name: 'AWS_REGION', value: Stack.of(this).region },
          { name: 'WORKER_CACHE_DIR', value: '/scratch' },
        ],
        volumes: [{ name: 'scratch', host: { sourcePath: '/scratch' } }],
        mountPoints: [{ sourceVolume: 'scratch', containerPath: '/scratch', readOnly: false }],
        linuxParameters: { initProcessEnabled: true, sharedMemorySize: 1024 },
        logConfiguration: {
          logDriver: 'awslogs',
          options: { 'awslogs-group': log.logGroupName, 'awslogs-stream-prefix': 'worker' },
        },
      },
    });
    this.jobDefinitionArn = definition.ref;
  }

  private makeRole(bucket: Bucket): Role {
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('ecs-tasks.amazonaws.com'),
      description: 'spot-diffusion: the worker reads weights and shards, writes images and its record',
    });
    const objects = (...keys: string[]) => keys.map((key) => bucket.arnForObjects(key));
    role.addToPolicy(
      new PolicyStatement({
        actions: ['s3:GetObject'],
        resources: objects('models/*', 'jobs/*/shards/*', 'images/*'),
      }),
    );
    role.addToPolicy(
      new PolicyStatement({ actions: ['s3:PutObject'], resources: objects('images/*', 'jobs/*/attempts/*') }),
    );
    // Without it S3 answers 403 instead of 404 for an image that is not there yet.
    role.addToPolicy(new PolicyStatement({ actions: ['s3:ListBucket'], resources: [bucket.bucketArn] }));
    return role;
  }
}
