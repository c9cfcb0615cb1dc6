import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../../infra/paths.ts';
import { allStates } from '../../statemachine/generate/machine.ts';
import { aTemplate } from '../infra/synth.ts';

interface Resource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a template is read by its paths.
  readonly Properties?: any;
}

const template = aTemplate({ defaultModel: 'sdxl' });
const resources = Object.entries(template.toJSON().Resources as Record<string, Resource>);
const ofType = (type: string) => resources.filter(([, { Type }]) => Type === type);

const secretName = /token|secret|passw|credential|api_?key|private_?key/i;

const list = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

interface Grant {
  readonly role: string;
  readonly actions: readonly string[];
  readonly resources: string;
}

/** Every statement that allows something, with the roles that have it. */
function listGrants(): readonly Grant[] {
  const policies = resources.filter(([, { Type }]) => /^AWS::IAM::(Managed)?Policy$/.test(Type));
  const attached = policies.flatMap(([, { Properties }]) =>
    list(Properties.Roles).map((role) => ({ role: JSON.stringify(role), document: Properties.PolicyDocument })),
  );
  const inline = ofType('AWS::IAM::Role').flatMap(([id, { Properties }]) =>
    list(Properties.Policies).map((policy) => ({ role: id, document: Reflect.get(Object(policy), 'PolicyDocument') })),
  );
  return [...attached, ...inline].flatMap(({ role, document }) =>
    document.Statement.filter(({ Effect }: { Effect: string }) => Effect === 'Allow').map(
      (statement: { Action: unknown; Resource: unknown }) => ({
        role,
        actions: list(statement.Action).map(String),
        resources: JSON.stringify(statement.Resource),
      }),
    ),
  );
}

const grants = listGrants();
const whoMay = (action: RegExp, resource: RegExp) => [
  ...new Set(
    grants
      .filter(({ actions, resources: on }) => actions.some((one) => action.test(one)) && resource.test(on))
      .map(({ role }) => role),
  ),
];

describe('secrets in the template', () => {
  it('are in no environment of a function, a worker or a build, but the token of the import, by its name', () => {
    const functions = ofType('AWS::Lambda::Function').map(([id, { Properties }]) => [
      id,
      Object.keys(Properties.Environment?.Variables ?? {}),
    ]);
    const workers = ofType('AWS::Batch::JobDefinition').map(([id, { Properties }]) => [
      id,
      list(Properties.ContainerProperties?.Environment).map((one) => Reflect.get(Object(one), 'Name')),
    ]);
    expect(functions.length).toBeGreaterThan(8);
    expect(workers.length).toBeGreaterThan(0);
    const named = [...functions, ...workers].flatMap(([id, names]) =>
      list(names).flatMap((name) => (secretName.test(String(name)) ? [`${id} ${name}`] : [])),
    );
    expect(named).toEqual([]);
    for (const [, { Properties }] of ofType('AWS::CodeBuild::Project')) {
      for (const { Name, Type } of Properties.Environment.EnvironmentVariables ?? []) {
        if (secretName.test(Name)) expect([Name, Type]).toEqual(['HF_TOKEN', 'SECRETS_MANAGER']);
      }
    }
  });

  it('reach no Batch job: neither by its definition nor by the submit of the workflow', () => {
    for (const [, { Properties }] of ofType('AWS::Batch::JobDefinition')) {
      expect(Properties.ContainerProperties?.Secrets).toBeUndefined();
      expect(JSON.stringify(Properties)).not.toMatch(/secretsmanager|:secret:|resolve:/i);
    }
    const machine = JSON.parse(readFileSync(join(root, 'statemachine', 'spot-diffusion.asl.json'), 'utf8'));
    const submit = allStates(machine).find(({ name }) => name === 'Run GPU job')?.state;
    const { Environment } = Reflect.get(Object(submit), 'Arguments').ContainerOverrides;
    const names: readonly string[] = Environment.map(({ Name }: { readonly Name: string }) => Name);
    expect(names).toContain('JOB_ID');
    expect(names.filter((name) => secretName.test(name))).toEqual([]);
  });

  it('have no value: each is empty, or made by AWS', () => {
    for (const [, { Properties }] of ofType('AWS::SecretsManager::Secret')) {
      const { SecretString } = Properties;
      if (SecretString !== undefined) expect(Object.values(JSON.parse(SecretString))).toEqual(['']);
    }
    const text = JSON.stringify(template.toJSON());
    expect(text).not.toMatch(/hf_[A-Za-z0-9]{20}|AKIA[A-Z0-9]{16}|ghp_[A-Za-z0-9]{20}|-----BEGIN/);
  });

  it('are read by the import alone', () => {
    expect(whoMay(/^secretsmanager:|^ssm:GetParameter/, /./)).toEqual([
      expect.stringMatching(/^\{"Ref":"ModelImportProjectRole/),
    ]);
  });
});

describe('what runs or loads as code', () => {
  const writes = /^s3:(Put|\*)/;

  it('is written by few: the compile cache by workers at most, weights by the import, LoRAs by nobody of ours', () => {
    const cachers = whoMay(writes, /compile-cache/).filter((role) => !/^\{"Ref":"\w*Worker\w*Role/.test(role));
    expect(cachers).toEqual([]);
    expect(whoMay(writes, /"\/models\/\*/)).toEqual([expect.stringMatching(/^\{"Ref":"ModelImportProjectRole/)]);
    expect(whoMay(writes, /loras\//)).toEqual([]);
  });

  it('is out of reach of every function: none writes the whole bucket', () => {
    const wide = grants.filter(
      ({ actions, resources: on }) => actions.some((one) => writes.test(one)) && /"\/\*"|^"\*"$/.test(on),
    );
    expect(wide.map(({ role }) => role)).toEqual([]);
  });

  it('is never deleted or replaced by who reads it', () => {
    expect(whoMay(/^s3:DeleteObject/, /compile-cache|models\/|loras/)).toEqual([]);
  });
});
