import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { root } from '../../infra/paths.ts';
import { listAcknowledged, listUsed } from './acknowledgements.ts';
import { aStack, findViolations, type Given, ownVpc, synthesize } from './synth.ts';

/** What changes which resources there are. */
const configurations: Readonly<Record<string, Given>> = {
  'as it comes': {},
  'with a golden AMI': { goldenAmi: true, email: 'someone@example.com' },
  "in a VPC of one's own": ownVpc,
  'on x86_64 in another region': { lambdaArchitecture: 'x86_64', region: 'eu-central-1' },
  'without the gallery door': { galleryDoor: false, logExecutionData: true },
};

interface Finding {
  readonly Level: string;
  readonly Rule: { readonly Id: string };
  readonly Message: string;
}

/** W3005: CDK writes a DependsOn that a reference implies. */
async function lint(template: unknown): Promise<readonly string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-lint-'));
  try {
    const file = join(folder, 'template.json');
    await writeFile(file, JSON.stringify(template));
    const args = ['--format', 'json', '--ignore-checks', 'W3005', '--', file];
    const run = promisify(execFile)(join(root, '.venv', 'bin', 'cfn-lint'), args);
    // A finding is exit code 2 and more.
    const { stdout } = await run.catch((error: { stdout: string }) => error);
    const findings: readonly Finding[] = JSON.parse(stdout || '[]');
    return findings.map(({ Level, Rule, Message }) => `${Level} ${Rule.Id}: ${Message}`);
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe('the rules of others', () => {
  it.each(Object.entries(configurations))(
    'cdk-nag and CDK find nothing that nobody argued, %s',
    { timeout: 120_000 },
    (_, given) => {
      expect(findViolations(given)).toEqual([]);
    },
  );

  it('would find what nobody argued', () => {
    expect(findViolations({}, (stack) => new Bucket(stack, 'Open', { enforceSSL: true }))).toEqual([
      'AwsSolutions-S1 at spot-diffusion/Open/Resource',
    ]);
  });

  it('argues nothing that no rule asks about', () => {
    const stacks = Object.values(configurations)
      .filter(({ region }) => !region)
      .map((given) => aStack(given));
    const used = new Set(stacks.flatMap(listUsed));
    const superfluous = stacks.flatMap(listAcknowledged).filter((argument) => !used.has(argument));
    expect([...new Set(superfluous)]).toEqual([]);
  });

  it('cfn-lint finds neither errors nor warnings, with all that can be switched on', { timeout: 300_000 }, async () => {
    const given = configurations['with a golden AMI'];
    expect(await lint(synthesize(given, join(root, 'examples', 'schedules')))).toEqual([]);
  });
});
