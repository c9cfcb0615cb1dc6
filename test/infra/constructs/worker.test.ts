import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, it } from 'vitest';
import { instanceTypes } from '../../../functions/core/market/instance-types.ts';
import { root } from '../../../infra/paths.ts';
import { aTemplate } from '../synth.ts';

const template = aTemplate();
const [definition] = Object.values(template.findResources('AWS::Batch::JobDefinition'));
const container = definition?.Properties.ContainerProperties;

describe("the worker's job definition", () => {
  it('is tried once: the workflow picks the next pool, Batch would stay in the same', () => {
    expect(definition?.Properties).toMatchObject({
      JobDefinitionName: 'spot-diffusion-worker',
      PlatformCapabilities: ['EC2'],
      RetryStrategy: { Attempts: 1 },
      PropagateTags: true,
    });
  });

  it('stays when a deploy makes the next revision: running jobs were planned with it', () => {
    expect(definition?.Properties.ResourceRetentionPolicy).toEqual({ SkipDeregisterOnUpdate: true });
  });

  it('asks for one GPU, and for no more than the smallest instance type has', () => {
    const asked = Object.fromEntries(
      container.ResourceRequirements.map(({ Type, Value }: Record<string, string>) => [Type, Number(Value)]),
    );
    expect(asked).toEqual({ GPU: 1, VCPU: 4, MEMORY: 14_000 });
    expect(Math.min(...instanceTypes.map(({ vcpus }) => vcpus))).toBeGreaterThanOrEqual(asked.VCPU);
    expect(Math.min(...instanceTypes.map(({ memoryGib }) => memoryGib * 1024))).toBeGreaterThan(asked.MEMORY);
  });

  it('knows no secret and is not privileged', () => {
    for (const name of ['Secrets', 'Privileged', 'User', 'ExecutionRoleArn'])
      expect(container).not.toHaveProperty(name);
    expect(JSON.stringify(container.Environment)).not.toMatch(/token|secret|password/i);
  });

  it('writes to a log group of its own, which goes with the stack', () => {
    const id = container.LogConfiguration.Options['awslogs-group'].Ref;
    const group = template.findResources('AWS::Logs::LogGroup')[id];
    expect(group?.Properties).toMatchObject({ LogGroupName: '/spot-diffusion/worker', RetentionInDays: 30 });
    expect(group?.DeletionPolicy).toBe('Delete');
  });

  it('keeps weights on the scratch volume that the instance prepared', () => {
    expect(container.Volumes).toEqual([{ Name: 'scratch', Host: { SourcePath: '/scratch' } }]);
    expect(container.MountPoints).toEqual([{ SourceVolume: 'scratch', ContainerPath: '/scratch', ReadOnly: false }]);
    expect(container.Environment).toContainEqual({ Name: 'WORKER_CACHE_DIR', Value: '/scratch' });
  });

  it("leaves the image's own settings as they are: caches of compilers, CUDA's memory, no hub", () => {
    const dockerfile = readFileSync(join(root, 'container', 'Dockerfile'), 'utf8');
    const inImage = [...dockerfile.matchAll(/\b([A-Z][A-Z_]+)=/g)].map(([, name]) => name);
    for (const name of ['TRITON_CACHE_DIR', 'TORCHINDUCTOR_CACHE_DIR', 'HF_HUB_OFFLINE', 'PYTORCH_ALLOC_CONF'])
      expect(inImage).toContain(name);
    const given = container.Environment.map(({ Name }: { Name: string }) => Name);
    expect(given.filter((name: string) => inImage.includes(name))).toEqual(['WORKER_CACHE_DIR']);
    expect(dockerfile).toContain(`VOLUME ${container.MountPoints[0].ContainerPath}\n`);
    // ECS says which GPUs a container sees; the image's own `all` is for docker alone.
    expect(given).not.toContain('NVIDIA_VISIBLE_DEVICES');
  });

  it('tells the worker which image it is: compiled code fits that one alone', () => {
    const { Value } = container.Environment.find(({ Name }: { Name: string }) => Name === 'IMAGE_FINGERPRINT');
    expect(Value).toMatch(/^[0-9a-f]{16}$/);
    template.hasResourceProperties('Custom::CDKContainerImageBuild', { imageTag: Value });
  });
});

describe("the worker's image", () => {
  it('is built in AWS, on a small CPU, from the Dockerfile, as zstd', () => {
    template.hasResourceProperties('Custom::CDKContainerImageBuild', {
      buildCommand: Match.stringLikeRegexp('--file container/Dockerfile --platform linux/amd64 .*compression=zstd'),
    });
    template.hasResourceProperties('AWS::CodeBuild::Project', {
      Source: { Type: 'NO_SOURCE' },
      Environment: { ComputeType: 'BUILD_GENERAL1_SMALL', Type: 'LINUX_CONTAINER' },
    });
  });

  it('reuses the layers that the build host still has', () => {
    template.hasResourceProperties('AWS::CodeBuild::Project', {
      Source: { Type: 'NO_SOURCE' },
      Cache: { Type: 'LOCAL', Modes: ['LOCAL_DOCKER_LAYER_CACHE'] },
    });
  });

  it('is scanned, and goes with the stack', () => {
    template.hasResource('AWS::ECR::Repository', {
      DeletionPolicy: 'Delete',
      Properties: { ImageScanningConfiguration: { ScanOnPush: true }, EmptyOnDelete: true },
    });
  });

  it('is the one that the job definition names, by the tag of its build', () => {
    expect(JSON.stringify(container.Image)).toMatch(/"Fn::GetAtt":\["WorkerImageBuild\w+","ImageTag"\]/);
  });
});
