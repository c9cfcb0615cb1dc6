import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';
import settings from '../../cdk.json' with { type: 'json' };
import { contextPrefix, readConfig } from '../../infra/config.ts';
import { SpotDiffusionStack } from '../../infra/stack.ts';

export type Given = Readonly<Record<string, unknown>>;

export const readGiven = (given: Given = {}) =>
  readConfig(Object.fromEntries(Object.entries(given).map(([key, value]) => [`${contextPrefix}${key}`, value])));

export const aConfig = (given: Given = {}) => readGiven(given).config;

const anApp = (context: Given = {}, outdir?: string) =>
  // No bundling: the code of the functions is not what a template says.
  new App({ outdir, context: { ...recommended, ...settings.context, 'aws:cdk:bundling-stacks': [], ...context } });

/** The rules cost a second and are printed; `findViolations` holds them. */
const unchecked = {
  '@aws-cdk/core:validateAgainstDefaultRules': false,
  '@aws-cdk/core:annotationsInValidationReport': false,
};

/** A deployer's own schedules are no part of what is tested. */
const noSchedules = join(import.meta.dirname, 'none');

/** The stack as `infra/app.ts` makes it, for `given` instead of the context. */
export function aStack(
  given: Given = {},
  { app = anApp(unchecked), schedulesDir = noSchedules }: { app?: App; schedulesDir?: string } = {},
): Stack {
  const read = readGiven(given);
  return new SpotDiffusionStack(app, 'spot-diffusion', { ...read, schedulesDir, env: { region: read.config.region } });
}

/** A configuration with a VPC of the deployer's, for one zone. */
export const ownVpc: Given = {
  vpcId: 'vpc-0123456789abcdef0',
  zones: ['use1-az4'],
  subnets: { 'use1-az4': 'subnet-0123456789abcdef0' },
};

/** The CloudFormation template as it would be deployed. */
export const synthesize = (given: Given = {}, schedulesDir?: string) =>
  Template.fromStack(aStack(given, { schedulesDir })).toJSON();

/** The same, to be asked. */
export const aTemplate = (given: Given = {}, schedulesDir?: string) =>
  Template.fromJSON(synthesize(given, schedulesDir));

interface Finding {
  readonly ruleName: string;
  readonly violatingConstructs: readonly { readonly constructPath: string }[];
}

/** Findings of cdk-nag and of CDK's own rules that nobody argued: `<rule> at <construct>`. */
export function findViolations(given: Given = {}, change: (stack: Stack) => void = () => undefined): readonly string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'spot-diffusion-synth-'));
  const app = anApp({}, outdir);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  change(aStack(given, { app }));
  try {
    synthesizeSilently(app);
    const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
    return (
      report.pluginReports
        .flatMap(({ violations }: { violations: readonly Finding[] }) => violations)
        // What our own stack says to its deployer is no rule of others.
        .filter(({ ruleName }: Finding) => !ruleName.includes('spot-diffusion:'))
        .flatMap(({ ruleName, violatingConstructs }: Finding) =>
          violatingConstructs.map(({ constructPath }) => `${ruleName} at ${constructPath}`),
        )
    );
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

/** Findings make the synthesis fail and are printed: here they are what is asked for. */
function synthesizeSilently(app: App): void {
  const print = console.error;
  console.error = () => undefined;
  try {
    app.synth();
  } catch (error) {
    if (!String(error).includes('ValidationFailed')) throw error;
  } finally {
    console.error = print;
  }
}
