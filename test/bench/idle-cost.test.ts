import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { computeIdleCost } from '../../bench/idle-cost/compute.ts';
import { synthesize } from '../infra/synth.ts';

type Resources = Record<string, { Type: string; Properties?: Record<string, unknown> }>;
const stack = synthesize() as { Resources: Resources };

/** The stack as it is deployed by default, with something besides. */
const costWith = (more: Resources = {}) => computeIdleCost({ Resources: { ...stack.Resources, ...more } });
const usdOf = (type: string, cost = costWith()) => cost.items.find((item) => item.type === type)?.usdPerMonth;
const many = (count: number, type: string, properties = {}): Resources =>
  Object.fromEntries(Array.from({ length: count }, (_, n) => [`More${n}`, { Type: type, Properties: properties }]));

const lambda = (cost = costWith()) => cost.items.find(({ type }) => type === 'AWS::Lambda::Function');

describe('the idle cost', () => {
  it('is at most $1.50 a month inside the free tier with default settings', () => {
    const { usdPerMonth, usdPerMonthWithoutFreeTier } = costWith();
    expect(usdPerMonth).toBeLessThanOrEqual(1.5);
    expect(usdPerMonth).toBeGreaterThanOrEqual(1.4);
    expect(usdPerMonthWithoutFreeTier).toBeLessThan(6);
  });

  it('is the key and the secret, and nothing else', () => {
    const paid = costWith().items.filter(({ usdPerMonth }) => usdPerMonth > 0);
    expect(paid.map(({ type }) => type)).toEqual(['AWS::KMS::Key', 'AWS::SecretsManager::Secret']);
  });

  it('adds up to its items, with and without the free tier', () => {
    const cost = costWith();
    const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0);
    expect(sum(cost.items.map((item) => item.usdPerMonth))).toBeCloseTo(cost.usdPerMonth, 3);
    const saved = sum(cost.freeTier.map((item) => item.usdPerMonth));
    expect(cost.usdPerMonth + saved).toBeCloseTo(cost.usdPerMonthWithoutFreeTier, 3);
  });

  it('bills alarms beyond the ten free ones by their metrics', () => {
    // Six alarms; the one of failed notifications adds two metrics.
    const present = 7;
    expect(usdOf('AWS::CloudWatch::Alarm')).toBe(0);
    expect(usdOf('AWS::CloudWatch::Alarm', costWith(many(11 - present, 'AWS::CloudWatch::Alarm')))).toBeCloseTo(0.1);
    const Metrics = [{ MetricStat: {} }, { MetricStat: {} }, { Expression: 'a + b' }];
    const onTwo = many(11 - present, 'AWS::CloudWatch::Alarm', { Metrics });
    expect(usdOf('AWS::CloudWatch::Alarm', costWith(onTwo))).toBeCloseTo(0.1 * (2 * (11 - present) + present - 10));
  });

  it('bills a second key, a second secret and a fourth dashboard', () => {
    expect(costWith(many(1, 'AWS::KMS::Key')).usdPerMonth - costWith().usdPerMonth).toBeCloseTo(1);
    expect(costWith(many(1, 'AWS::SecretsManager::Secret')).usdPerMonth - costWith().usdPerMonth).toBeCloseTo(0.4);
    expect(usdOf('AWS::CloudWatch::Dashboard', costWith(many(3, 'AWS::CloudWatch::Dashboard')))).toBe(3);
  });

  it('refuses a template with types that it has no price for, and names all of them', () => {
    const more = { Nat: { Type: 'AWS::EC2::NatGateway' }, Db: { Type: 'AWS::RDS::DBInstance' } };
    expect(() => costWith(more)).toThrow('`AWS::EC2::NatGateway`, `AWS::RDS::DBInstance`');
  });

  it('refuses instances and capacity that are paid for while nobody uses them', () => {
    const warm = many(1, 'AWS::Batch::ComputeEnvironment', { ComputeResources: { MinvCpus: 4 } });
    expect(() => costWith(warm)).toThrow('`ComputeResources.MinvCpus` of `More0`');
    expect(() => costWith(many(1, 'AWS::DynamoDB::Table', { BillingMode: 'PROVISIONED' }))).toThrow('`BillingMode`');
  });

  it('bills an interface endpoint by its zones and a gateway endpoint not at all', () => {
    const SubnetIds = ['subnet-1', 'subnet-2'];
    const cost = costWith(many(1, 'AWS::EC2::VPCEndpoint', { VpcEndpointType: 'Interface', SubnetIds }));
    expect(usdOf('AWS::EC2::VPCEndpoint')).toBe(0);
    expect(usdOf('AWS::EC2::VPCEndpoint', cost)).toBeCloseTo(14.6);
  });
});

describe('what the clock runs', () => {
  it('is counted: every ten minutes are 4,320 times a month, inside the free tier', () => {
    expect(lambda()?.why).toContain('4320 times');
    expect(lambda()?.usdPerMonth).toBe(0);
    expect(lambda()?.usdPerMonthWithoutFreeTier).toBeGreaterThan(0);
  });

  it('is paid for beyond the free tier', () => {
    const properties = { ScheduleExpression: 'rate(1 minute)', Targets: [{ Arn: { 'Fn::GetAtt': ['Big', 'Arn'] } }] };
    const big = { Big: { Type: 'AWS::Lambda::Function', Properties: { MemorySize: 10_240 } } };
    expect(lambda(costWith({ ...big, ...many(1, 'AWS::Events::Rule', properties) }))?.usdPerMonth).toBeCloseTo(0.46, 1);
  });

  it('must have a schedule that can be counted', () => {
    const properties = { ScheduleExpression: 'cron(0 0 ? * MON *)' };
    const target = { Targets: [{ Arn: { 'Fn::GetAtt': ['Fn', 'Arn'] } }] };
    const more = {
      ...many(1, 'AWS::Events::Rule', { ...properties, ...target }),
      Fn: { Type: 'AWS::Lambda::Function' },
    };
    expect(() => costWith(more)).toThrow('got `cron(0 0 ? * MON *)`');
  });
});

describe('what is paid by the gigabyte', () => {
  it('is listed with its price: image, weights, pictures, ledger, logs', () => {
    const { stored } = costWith();
    const names = ['worker image', 'weights', 'pictures', 'ledger', 'logs', "ledger's backups"];
    expect(stored.map(({ what }) => what)).toEqual([...names, "sources in the bootstrap's bucket"]);
    expect(stored.every(({ usdPerGbMonth }) => usdPerGbMonth > 0)).toBe(true);
  });
});

describe('the image of the worker', () => {
  const read = (file: string) => readFileSync(join(import.meta.dirname, '..', '..', file), 'utf8');
  const cost = costWith();

  it('is there from the deploy on, and the README and the stack count it in', () => {
    expect(Math.round(cost.usdPerMonth + cost.imageUsdPerMonth)).toBe(2);
    const image = `$${cost.imageUsdPerMonth.toFixed(2)}`;
    expect(read('README.md')).toContain('costs about $2 a month');
    expect(read('README.md')).toContain(`$${cost.usdPerMonth.toFixed(2)}, and ${image} for the worker's image in ECR`);
    expect(read('infra/stack.ts')).toMatch(/Costs about \$2 a month .* one worker image in ECR/);
    expect(read('infra/stack.ts')).toContain(`${image} at most`);
  });

  it('is kept as often as the repository says, as the README does', () => {
    expect(cost.stored[0]).toMatchObject({ what: 'worker image', why: expect.stringMatching(/up to 4 are kept$/) });
    expect(read('README.md')).toContain('up to four are kept');
  });

  it('costs nothing where there is no repository', () => {
    expect(computeIdleCost({ Resources: {} }).imageUsdPerMonth).toBe(0);
  });

  it('is kept for ever where no rule deletes the oldest', () => {
    const { stored } = computeIdleCost({ Resources: many(1, 'AWS::ECR::Repository') });
    expect(stored[0]?.why).toMatch(/all are kept$/);
  });
});

describe('the golden AMI', () => {
  it('adds a build a month and a snapshot, less than $0.15 besides what is stored', () => {
    const golden = computeIdleCost(synthesize({ goldenAmi: true }));
    expect(golden.usdPerMonth - costWith().usdPerMonth).toBeGreaterThan(0.1);
    expect(golden.usdPerMonth - costWith().usdPerMonth).toBeLessThan(0.15);
    expect(golden.stored.map(({ what }) => what)).toContain('golden AMI');
    expect(lambda(golden)?.why).toContain('4350 times');
  });
});

describe('what comes later', () => {
  it('stays away for five years and more with default settings', () => {
    expect(costWith().later.filter(({ afterDays }) => afterDays < 2000)).toEqual([]);
  });

  const key = (properties: object) => {
    const only = { Resources: { Key: { Type: 'AWS::KMS::Key', Properties: properties } } };
    return computeIdleCost(only).later.map(({ afterDays, addsUsdPerMonth }) => [afterDays, addsUsdPerMonth]);
  };

  it('is $1 a month for each of the first two rotations of a key', () => {
    expect(key({ EnableKeyRotation: true })).toEqual([
      [365, 1],
      [730, 1],
    ]);
    expect(key({ EnableKeyRotation: true, RotationPeriodInDays: 2560 })[0]).toEqual([2560, 1]);
    expect(key({})).toEqual([]);
  });
});
