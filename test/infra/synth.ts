import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, type Stack, Validations } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import recommended from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';
import settings from '../../cdk.json' with { type: 'json' };
import { type Config, contextPrefix, readConfig } from '../../infra/config.ts';
import { SpotDiffusionStack } from '../../infra/stack.ts';

type Given = Readonly<Record<string, unknown>>;

export const aConfig = (given: Given = {}): Config => readConfig((key) => given[key.slice(contextPrefix.length)]);

const anApp = (outdir?: string) =>
  // No bundling: the code of the functions is not what a template says.
  new App({ outdir, context: { ...recommended, ...settings.context, 'aws:cdk:bundling-stacks': [] } });

/** The stack as `infra/app.ts` makes it, for `given` instead of the context. */
export function aStack(
  given: Given = {},
  { app = anApp(), schedulesDir }: { app?: App; schedulesDir?: string } = {},
): Stack {
  const config = aConfig(given);
  return new SpotDiffusionStack(app, 'spot-diffusion', { config, schedulesDir, env: { region: config.region } });
}

/** The CloudFormation template as it would be deployed. */
export const synthesize = (given: Given = {}, schedulesDir?: string) =>
  Template.fromStack(aStack(given, { schedulesDir })).toJSON();

/** Findings of cdk-nag and of CDK's own rules that nobody argued: `<rule> at <construct>`. */
export function findViolations(given: Given = {}): readonly string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'spot-diffusion-synth-'));
  const app = anApp(outdir);
  Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
  aStack(given, { app });
  app.synth();
  const report = JSON.parse(readFileSync(join(outdir, 'validation-report.json'), 'utf8'));
  return report;
}
