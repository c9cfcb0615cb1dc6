import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { listPools, queueName } from '../../functions/core/market/pools.ts';
import { definitionFile, root } from '../../infra/paths.ts';
import { aConfig, synthesize } from './synth.ts';

/** What moto does not know, or can't make: held, so that it can't grow unseen. */
const skipped = {
  'AWS::Budgets::Budget': 1,
  'AWS::CloudWatch::Alarm': 6,
  'AWS::CodeBuild::Project': 2,
  // moto names a repository by its logical id, whose capitals ECR refuses.
  'AWS::ECR::Repository': 1,
  'AWS::FIS::ExperimentTemplate': 2,
  'AWS::Lambda::EventInvokeConfig': 3,
  'AWS::Lambda::Url': 1,
  'AWS::Logs::MetricFilter': 2,
  'AWS::S3::BucketPolicy': 1,
  'AWS::SNS::TopicPolicy': 1,
  'AWS::SQS::QueuePolicy': 1,
  'AWS::Scheduler::ScheduleGroup': 1,
  'AWS::SecretsManager::Secret': 1,
  // A custom resource is a function that would have to run.
  'Custom::CDKContainerImageBuild': 1,
  'Custom::Quota': 2,
  'Custom::ServiceLinkedRole': 4,
};

const template = synthesize();
const count = (types: readonly string[]) =>
  Object.fromEntries([...new Set(types)].map((type) => [type, types.filter((other) => other === type).length]));
const types = Object.values<{ Type: string }>(template.Resources).map(({ Type }) => Type);

async function deploy() {
  const folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-moto-'));
  try {
    const file = join(folder, 'template.json');
    await writeFile(file, JSON.stringify(template));
    const args = [join(import.meta.dirname, 'moto_deploy.py'), file, definitionFile];
    const env = { AWS_DEFAULT_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'x', AWS_SECRET_ACCESS_KEY: 'x' };
    const { stdout } = await promisify(execFile)(join(root, '.venv', 'bin', 'python'), args, { env });
    return JSON.parse(stdout);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("the template in moto's CloudFormation", () => {
  let deployed: Awaited<ReturnType<typeof deploy>>;
  beforeAll(async () => {
    deployed = await deploy();
  }, 120_000);

  it('is deployed but for the types on the list', () => {
    expect(deployed.status).toBe('CREATE_COMPLETE');
    expect(deployed.skipped).toEqual(skipped);
  });

  it('makes every other resource', () => {
    expect(deployed.made).toEqual(count(types.filter((type) => !(type in skipped))));
  });

  it('leaves a queue per pool, with the names that the workflow submits to', () => {
    const { zones, instanceTypes } = aConfig();
    const pools = listPools(zones, instanceTypes);
    expect(deployed.stands.queues).toEqual(pools.map(queueName).sort());
    expect(deployed.stands.environments).toBe(pools.length);
    expect(deployed.stands.jobDefinitions).toEqual(['spot-diffusion-worker']);
  });

  it('leaves the machine with its functions, its job definition and its topic filled in', () => {
    const { machine, definition, topic } = deployed.stands;
    expect(machine).toBe('spot-diffusion');
    expect(definition).not.toContain('${');
    expect(definition).toContain(topic);
    expect(definition).toContain(':job-definition/spot-diffusion-worker:1');
    for (const name of ['validate-prompts', 'plan-job', 'pick-spot-pool', 'settle-attempt', 'close-job']) {
      expect(definition).toContain(`:function:spot-diffusion-${name}`);
    }
  });

  it('leaves the bucket, the ledger and the topic', () => {
    expect(deployed.stands.buckets).toEqual([deployed.outputs.BucketName]);
    expect(deployed.stands.keys).toEqual([
      { AttributeName: 'pk', KeyType: 'HASH' },
      { AttributeName: 'sk', KeyType: 'RANGE' },
    ]);
    expect(deployed.stands.topic).toMatch(/^arn:aws:sns:us-east-1:123456789012:/);
  });

  it('leaves each function with a log group that keeps for 30 days', () => {
    const { functions, logGroups } = deployed.stands;
    const ours = functions.filter((name: string) => /^spot-diffusion-[a-z-]+$/.test(name));
    expect(ours).toHaveLength(12);
    for (const name of ours) expect(logGroups[`/aws/lambda/${name}`]).toBe(30);
    expect(new Set(Object.values(logGroups))).toEqual(new Set([30]));
  });
});
