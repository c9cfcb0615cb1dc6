import { App, Validations } from 'aws-cdk-lib';
import flags from 'aws-cdk-lib/recommended-feature-flags.json' with { type: 'json' };
import { AwsSolutionsChecks } from 'cdk-nag';
import { readConfig } from './config.ts';
import { SpotDiffusionStack } from './stack.ts';

/** Every flag that the pinned CDK recommends; `cdk.json` and `--context` win over them. */
const app = new App({ context: flags });
const config = readConfig((key) => app.node.tryGetContext(key));
Validations.of(app).addPlugins(new AwsSolutionsChecks(app));
new SpotDiffusionStack(app, 'spot-diffusion', { config, env: { region: config.region } });
