import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkConfig } from '../../infra/check-config.ts';
import { root } from '../../infra/paths.ts';
import { aConfig, type Given, synthesize } from './synth.ts';

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true });
});

/** A folder of schedules: name of the file, and its text or content. */
function schedules(files: Readonly<Record<string, unknown>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'spot-diffusion-schedules-'));
  folders.push(folder);
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(folder, name), typeof content === 'string' ? content : JSON.stringify(content));
  }
  return folder;
}

const aSchedule = (fields: object = {}) => ({
  name: 'night',
  expression: 'cron(0 2 * * ? *)',
  timeZone: 'Europe/Berlin',
  input: { prompt: 'a red circle', model: 'tiny' },
  ...fields,
});

/** The lines of the error that a synthesis ends with, `[<construct>] <problem>` each. */
function problemsOf(given: Given, files: Readonly<Record<string, unknown>> = {}): readonly string[] {
  try {
    synthesize(given, schedules(files));
  } catch (error) {
    const lines = String(error).split('\n');
    return lines.filter((line) => line.startsWith('  [')).map((line) => line.trim());
  }
  return [];
}

const onStack = (text: string) => expect.stringContaining(`[spot-diffusion] ${text}`);

describe('a table of pools that is wrong', () => {
  it('names an AZ outside the region', () => {
    expect(problemsOf({ zones: 'use1-az4,usw2-az1,us-east-1a' })).toEqual([
      onStack('Expected `zones` to hold AZ ids of us-east-1 such as `use1-az1`, got `usw2-az1`.'),
      onStack('Expected `zones` to hold AZ ids of us-east-1 such as `use1-az1`, got `us-east-1a`.'),
    ]);
  });

  it('names a type outside the table', () => {
    expect(problemsOf({ instanceTypes: 'g6.xlarge,g6.tiny' })).toEqual([
      expect.stringMatching(
        /^\[spot-diffusion\] Expected `instanceTypes` to be among g4dn\.xlarge, .*, got `g6\.tiny`\.$/,
      ),
    ]);
  });

  it.each([
    ['p3.2xlarge', /CUDA 13 wheel has no code for its GPU \(V100\)/],
    ['g5g.xlarge', /CUDA 13 wheel for arm64 has no code for its GPU \(T4G\)/],
    ['g4ad.xlarge', /its GPU is of AMD/],
  ])('names %s, which looks like a GPU type, with the reason', (type, reason) => {
    expect(problemsOf({ instanceTypes: [type] })).toEqual([expect.stringMatching(reason)]);
  });

  it('has no type with the memory of the default model: FLUX takes a GPU of 40 GB or more', () => {
    const instanceTypes = 'g4dn.xlarge,g6.xlarge';
    expect(problemsOf({ instanceTypes, defaultModel: 'flux-schnell' })).toEqual([
      onStack(
        'Expected `instanceTypes` to hold one with 35 GiB of GPU memory for `defaultModel` flux-schnell, got 22 GiB at most. ' +
          'To fix: name one of `g6e.xlarge`, `g6e.2xlarge`, `g7e.2xlarge`, `p5.4xlarge`.',
      ),
    ]);
    expect(problemsOf({ instanceTypes: `${instanceTypes},g6e.xlarge`, defaultModel: 'flux-schnell' })).toEqual([]);
    expect(problemsOf({ instanceTypes, defaultModel: 'sd-3.5-medium' })).toEqual([]);
  });

  it('passes the 50 compute environments that AWS allows', () => {
    const instanceTypes = [
      'g4dn.xlarge',
      'g4dn.2xlarge',
      'g5.xlarge',
      'g5.2xlarge',
      'g6.xlarge',
      'g6.2xlarge',
      'g6e.xlarge',
      'g6e.2xlarge',
    ];
    expect(problemsOf({ instanceTypes })).toEqual([
      onStack(
        "Expected at most 50 pools (AWS Batch's limit of compute environments per account and region), got 56: 5 zones x 8 types",
      ),
    ]);
    expect(checkConfig(aConfig({ instanceTypes: instanceTypes.slice(1) }))).toEqual([]);
  });

  it('names a zone or a type twice', () => {
    expect(problemsOf({ zones: 'use1-az4,use1-az4', instanceTypes: 'g6.xlarge,g6.xlarge' })).toEqual([
      onStack('Expected each of `zones` once, got `use1-az4` more than once.'),
      onStack('Expected each of `instanceTypes` once, got `g6.xlarge` more than once.'),
    ]);
  });

  it('has subnets without their VPC, or a VPC without a subnet in each zone', () => {
    expect(problemsOf({ subnets: { 'use1-az4': 'subnet-0123456789abcdef0' } })).toEqual([
      onStack('Expected `vpcId` beside `subnets`, got none.'),
    ]);
    expect(problemsOf({ vpcId: 'vpc-0123456789abcdef0', zones: 'use1-az4' })).toEqual([
      onStack('Expected `subnets` to name a public subnet of `vpc-0123456789abcdef0` in `use1-az4`, got none.'),
    ]);
  });
});

describe('a configuration that is wrong', () => {
  it('names a default model that does not exist', () => {
    expect(problemsOf({ defaultModel: 'sd-9' })).toEqual([onStack('Expected `defaultModel` to be one of tiny, ')]);
  });

  it('holds values that can not be read, each told', () => {
    expect(
      problemsOf({ goldenAmi: 'yes', monthlyBudgetUsd: 'fifty', subnets: '{', lambdaArchitecture: 'arm' }),
    ).toEqual([
      '[spot-diffusion] Expected `spot-diffusion:subnets` to be a JSON object of texts, got `{`.',
      '[spot-diffusion] Expected `spot-diffusion:monthlyBudgetUsd` to be a number above 0, got `fifty`.',
      '[spot-diffusion] Expected `spot-diffusion:goldenAmi` to be `true` or `false`, got `yes`.',
      '[spot-diffusion] Expected `spot-diffusion:lambdaArchitecture` to be `arm64` or `x86_64`, got `arm`.',
    ]);
  });

  it('holds a list with gaps, told once', () => {
    expect(problemsOf({ zones: ',,' })).toEqual([
      '[spot-diffusion] Expected `spot-diffusion:zones` to be texts that are not empty, with commas between them, got `,,`.',
    ]);
  });

  it('names a region that AWS does not have, which a deploy would find out late', () => {
    expect(problemsOf({ region: 'mars-1' })).toEqual([
      '[spot-diffusion] Expected `spot-diffusion:region` to be a region of AWS such as `us-east-1`, got `mars-1`.',
    ]);
  });

  it('asks for placement scores of fewer types than AWS scores', () => {
    expect(problemsOf({ placementScores: true, instanceTypes: 'g5.xlarge,g6.xlarge' })).toEqual([
      onStack('Expected at least 3 `instanceTypes` beside `placementScores`, got 2. To fix: '),
    ]);
  });

  it('holds a key that is not known', () => {
    expect(problemsOf({ zone: 'use1-az4' })).toEqual([
      expect.stringMatching(/^\[spot-diffusion\] Expected a key among region, zones, .*, got `spot-diffusion:zone`\.$/),
    ]);
  });
});

describe('a schedule that is wrong', () => {
  it('is no JSON', () => {
    expect(problemsOf({}, { 'night.json': '{"name":' })).toEqual([
      expect.stringMatching(
        /^\[spot-diffusion\/Schedules\/night\] schedules\/night\.json: Expected the file to be JSON, got: /,
      ),
    ]);
  });

  it('has prompts that do not validate: all problems with their path', () => {
    const input = { prompts: ['a red circle', { prompt: 'a blue star', steps: 0 }], maxUsd: -1, model: 'tiny' };
    const at = '[spot-diffusion/Schedules/night] schedules/night.json: input';
    expect(problemsOf({}, { 'night.json': aSchedule({ input }) })).toEqual([
      expect.stringContaining(`${at}.maxUsd: Expected`),
      expect.stringContaining(`${at}.prompts[1].steps: Expected`),
    ]);
  });

  it('asks for a model that does not exist', () => {
    expect(problemsOf({}, { 'night.json': aSchedule({ input: { prompt: 'a red circle', model: 'sd-9' } }) })).toEqual([
      expect.stringMatching(/^\[spot-diffusion\/Schedules\/night\] schedules\/night\.json: .*sd-9/),
    ]);
  });

  it('has the name of another', () => {
    expect(problemsOf({}, { 'a.json': aSchedule(), 'b.json': aSchedule() })).toEqual([
      '[spot-diffusion/Schedules/b] schedules/b.json: name: Expected a `name` of its own, got that of `a.json`',
    ]);
  });

  it('does not hide the others, nor what is wrong with the pools, nor what can not be read', () => {
    const given = { zones: 'usw2-az1', instanceTypes: 'p3.2xlarge', defaultModel: 'sd-9', goldenAmi: 'yes' };
    const found = problemsOf(given, {
      'broken.json': '[',
      'fine.json': aSchedule(),
      'model.json': aSchedule({ name: 'model', input: { prompt: 'a red circle', model: 'sd-9' } }),
      'time.json': aSchedule({ name: 'time', expression: 'at night' }),
    });
    const places = found.map((line) => line.slice(1, line.indexOf(']')));
    expect(places).toEqual([
      ...Array(4).fill('spot-diffusion'),
      'spot-diffusion/Schedules/broken',
      'spot-diffusion/Schedules/model',
      'spot-diffusion/Schedules/time',
    ]);
  });

  it('is not among the examples', () => {
    expect(() => synthesize({}, join(root, 'examples', 'schedules'))).not.toThrow();
  });
});
