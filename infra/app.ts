import { App, Validations } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';
import { readConfig } from './config.ts';
import { SpotDiffusionStack } from './stack.ts';

/** Every flag that the pinned CDK recommends; `cdk.json` and `--context` win over them. */
const app = new App({ context: flags, autoSynth: false });
const read = readConfig(app.node.getAllContext());
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new SpotDiffusionStack(app, 'spot-diffusion', { ...read, env: { region: read.config.region } });
try {
  app.synth();
} catch (error) {
  // What a deployer mends is told in sentences: a stack trace through CDK would bury them.
  if (!(error instanceof Error && error.name === 'ValidationFailedWithErrors')) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
