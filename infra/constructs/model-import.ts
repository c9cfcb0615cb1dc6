import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { IgnoreMode, RemovalPolicy, SecretValue } from 'aws-cdk-lib';
import {
  BuildEnvironmentVariableType,
  BuildSpec,
  ComputeType,
  LinuxBuildImage,
  Project,
  Source,
} from 'aws-cdk-lib/aws-codebuild';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Bucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { acknowledge } from '../acknowledge.ts';
import { root } from '../paths.ts';
import { allow, listObjects, readObjects } from './grants.ts';

export const importProjectName = 'spot-diffusion-import-model';

/** The importer and the registry: what travels to the build. */
const exclude = [
  '*',
  '!container',
  'container/*',
  '!container/importer',
  '!models',
  'models/*',
  '!models/*.json',
  '**/__pycache__',
];

/** The pinned Python of the worker's Dockerfile. */
function readBaseImage(): string {
  const dockerfile = readFileSync(join(root, 'container', 'Dockerfile'), 'utf8');
  const base = /^ARG BASE=(\S+@sha256:[0-9a-f]{64})$/m.exec(dockerfile)?.[1];
  if (!base) throw new Error('Expected `container/Dockerfile` to pin its base by `ARG BASE=…@sha256:…`');
  return base;
}

const buildSpec = BuildSpec.fromObject({
  version: '0.2',
  phases: {
    install: { commands: ['pip install --quiet --require-hashes -r container/importer/requirements.txt'] },
    build: { commands: ['PYTHONPATH=container python -m importer'] },
  },
});

export interface ModelImportProps {
  readonly bucket: Bucket;
  readonly defaultModel: string;
  readonly retention: RetentionDays;
}

/** Copies a model's weights into the bucket, once: a CPU build of half a cent a minute that runs only when it is asked to. */
export class ModelImport extends Construct {
  constructor(scope: Construct, id: string, { bucket, defaultModel, retention }: ModelImportProps) {
    super(scope, id);
    const token = this.makeToken();
    const source = new Asset(this, 'Source', { path: root, exclude, ignoreMode: IgnoreMode.DOCKER });
    const logGroup = new LogGroup(this, 'Log', {
      logGroupName: '/spot-diffusion/import-model',
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const project = new Project(this, 'Project', {
      projectName: importProjectName,
      description: 'Copies the weights of a model into the bucket: start it with MODEL=<id>',
      source: Source.s3({ bucket: source.bucket, path: source.s3ObjectKey }),
      environment: { buildImage: LinuxBuildImage.fromDockerRegistry(readBaseImage()), computeType: ComputeType.SMALL },
      environmentVariables: {
        MODEL: { value: defaultModel },
        BUCKET: { value: bucket.bucketName },
        HF_TOKEN: {
          type: BuildEnvironmentVariableType.SECRETS_MANAGER,
          value: `${token.secretArn}:token`,
        },
      },
      logging: { cloudWatch: { logGroup } },
      buildSpec,
    });
    token.grantRead(project);
    for (const statement of [
      readObjects(bucket, 'models/*'),
      // A file of several GB goes up in parts; what a broken build leaves of them must not be billed.
      allow(['s3:PutObject', 's3:AbortMultipartUpload'], [bucket.arnForObjects('models/*')]),
      listObjects(bucket),
    ]) {
      project.addToRolePolicy(statement);
    }
    acknowledge(project, {
      'AwsSolutions-CB5': "The Python of the worker's image, pinned by digest.",
    });
  }

  private makeToken(): Secret {
    const token = new Secret(this, 'Token', {
      secretName: 'spot-diffusion/hugging-face-token',
      description: 'Hugging Face access token for gated models; read by the import alone',
      // Empty until a person puts one in: not every model is gated.
      secretObjectValue: { token: SecretValue.unsafePlainText('') },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    acknowledge(token, {
      'AwsSolutions-SMG4': "A person's token of another company: nothing here could rotate it.",
    });
    return token;
  }
}
