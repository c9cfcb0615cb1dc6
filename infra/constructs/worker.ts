import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnJobDefinition } from 'aws-cdk-lib/aws-batch';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { workerLogGroup } from '../../functions/core/tell/console-links.ts';
import { keepCompileCache } from './compile-cache.ts';
import { listObjects, readObjects, writeObjects } from './grants.ts';
import type { WorkerImage } from './worker-image.ts';

export const jobDefinitionName = 'spot-diffusion-worker';

export interface WorkerProps {
  readonly image: WorkerImage;
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
      logGroupName: workerLogGroup,
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
        image: image.uri,
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
          // What the worker compiled is kept under it: the code fits one image alone.
          { name: 'IMAGE_FINGERPRINT', value: image.fingerprint },
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
    role.addToPolicy(readObjects(bucket, 'models/*', 'loras/*', 'start-images/*', 'jobs/*/shards/*', 'images/*'));
    role.addToPolicy(writeObjects(bucket, 'images/*', 'jobs/*/attempts/*'));
    role.addToPolicy(listObjects(bucket));
    keepCompileCache(bucket, role);
    return role;
  }
}
