import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../../infra/paths.ts';
import { aTemplate } from '../synth.ts';

const template = aTemplate({ defaultModel: 'sdxl' });
const named = template.findResources('AWS::CodeBuild::Project', {
  Properties: { Name: 'spot-diffusion-import-model' },
});
const [project] = Object.values(named);
const variables = Object.fromEntries(
  project?.Properties.Environment.EnvironmentVariables.map(({ Name, ...variable }: { Name: string }) => [
    Name,
    variable,
  ]),
);

describe('the import of a model', () => {
  it('runs on a small CPU without privileges, in the pinned Python of the worker', () => {
    const [, base] = /^ARG BASE=(\S+)$/m.exec(readFileSync(join(root, 'container', 'Dockerfile'), 'utf8')) ?? [];
    expect(base).toMatch(/@sha256:[0-9a-f]{64}$/);
    expect(project?.Properties.Environment).toMatchObject({
      ComputeType: 'BUILD_GENERAL1_SMALL',
      PrivilegedMode: false,
      Image: base,
    });
  });

  it('takes the token from Secrets Manager, not from a text', () => {
    expect(variables.HF_TOKEN).toMatchObject({ Type: 'SECRETS_MANAGER' });
    expect(JSON.stringify(variables.HF_TOKEN)).toMatch(/"Ref":"ModelImportToken\w+"},":token"/);
  });

  it('imports the default model into the bucket where nothing else is said', () => {
    expect(variables.MODEL).toEqual({ Type: 'PLAINTEXT', Value: 'sdxl' });
    expect(variables.BUCKET.Value).toEqual({ Ref: expect.stringMatching(/^StorageBucket/) });
  });

  it('installs packages by their hashes alone', () => {
    expect(project?.Properties.Source.BuildSpec).toContain('--require-hashes');
  });

  it('has an empty secret until a person puts a token in; it goes with the stack', () => {
    template.hasResource('AWS::SecretsManager::Secret', {
      DeletionPolicy: 'Delete',
      Properties: { Name: 'spot-diffusion/hugging-face-token', SecretString: '{"token":""}' },
    });
  });

  it('is the only one who reads the secret', () => {
    const readers = Object.values(template.findResources('AWS::IAM::Policy')).filter(({ Properties }) =>
      JSON.stringify(Properties.PolicyDocument).includes('secretsmanager:'),
    );
    expect(readers.map(({ Properties }) => Properties.Roles)).toEqual([
      [{ Ref: expect.stringMatching(/^ModelImportProjectRole/) }],
    ]);
  });

  it('writes to a log group of its own', () => {
    template.hasResourceProperties('AWS::Logs::LogGroup', {
      LogGroupName: '/spot-diffusion/import-model',
      RetentionInDays: 30,
    });
    expect(project?.Properties.LogsConfig.CloudWatchLogs).toEqual({
      Status: 'ENABLED',
      GroupName: { Ref: expect.stringMatching(/^ModelImportLog/) },
    });
  });
});
