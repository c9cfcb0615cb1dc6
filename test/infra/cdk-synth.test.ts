import { execFile } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import settings from '../../cdk.json' with { type: 'json' };
import { contextPrefix } from '../../infra/config.ts';
import { root, schedulesDir } from '../../infra/paths.ts';
import { synthesize } from './synth.ts';
import { withoutHashes } from './without-hashes.ts';

interface Resource {
  readonly Type: string;
  readonly Metadata?: unknown;
  readonly Properties: {
    readonly FunctionName?: string;
    readonly Code?: { readonly S3Key: string };
    readonly Content: { readonly S3Key: string };
    readonly Environment?: { readonly Variables: Readonly<Record<string, unknown>> };
  };
}

const run = promisify(execFile);

/** What the deployer of this copy has set. */
const given = Object.fromEntries(
  Object.entries(settings.context).flatMap(([key, value]) =>
    key.startsWith(contextPrefix) ? [[key.slice(contextPrefix.length), value]] : [],
  ),
);

/** A stranger's shell: no AWS, no path into this repository, nothing of the test runner. */
const shell = {
  ...Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^(AWS_|CDK_|VITEST|NODE_ENV|NODE_OPTIONS)/.test(name)),
  ),
  PATH: (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.startsWith(root))
    .join(delimiter),
  // Where the SDK and the CLI would find credentials on this machine.
  AWS_SHARED_CREDENTIALS_FILE: '/nowhere',
  AWS_CONFIG_FILE: '/nowhere',
  AWS_EC2_METADATA_DISABLED: 'true',
};

const isOurs = ({ Type, Properties }: Resource) => Type === 'AWS::Lambda::Function' && Properties.FunctionName;

let out = '';
let resources: Readonly<Record<string, Resource>> = {};
const folderOf = (key: string | undefined) => join(out, `asset.${String(key).replace('.zip', '')}`);

beforeAll(async () => {
  out = mkdtempSync(join(tmpdir(), 'spot-diffusion-cdk-'));
  await run('npx', ['cdk', 'synth', '--quiet', '--no-notices', '--output', out], { cwd: root, env: shell });
  resources = JSON.parse(readFileSync(join(out, 'spot-diffusion.template.json'), 'utf8')).Resources;
}, 240_000);
afterAll(() => rmSync(out, { recursive: true, force: true }));

/** Imports a bundle as Lambda does, with the function's own variables; the layer is the installed sharp. */
async function exportsOf(folder: string, variables: Readonly<Record<string, unknown>>): Promise<string> {
  const texts = Object.entries(variables).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : 'arn:aws:x',
  ]);
  const script = `import(${JSON.stringify(join(folder, 'index.mjs'))}).then(({ handler }) => console.log(typeof handler))`;
  const env = { ...Object.fromEntries(texts), PATH: process.env.PATH, AWS_REGION: 'us-east-1' };
  const { stdout } = await run('node', ['--input-type=module', '--eval', script], { env });
  return stdout.trim();
}

describe('npx cdk synth, without an account', () => {
  it('writes the template that the tests read', () => {
    const ours = Object.entries(resources)
      .filter(([, { Type }]) => Type !== 'AWS::CDK::Metadata')
      .map(([id, { Metadata, ...resource }]) => [id, resource]);
    expect(withoutHashes(Object.fromEntries(ours))).toEqual(withoutHashes(synthesize(given, schedulesDir).Resources));
  });

  it('bundles each function so that it starts with its variables alone and exports `handler`', {
    timeout: 120_000,
  }, async () => {
    symlinkSync(join(root, 'node_modules'), join(out, 'node_modules'));
    const functions = Object.values(resources).filter(isOurs);
    const found = await Promise.all(
      functions.map(async ({ Properties: { FunctionName, Code, Environment } }) => [
        FunctionName,
        await exportsOf(folderOf(Code?.S3Key), Environment?.Variables ?? {}),
      ]),
    );
    expect(found.length).toBeGreaterThanOrEqual(10);
    expect(found.filter(([, kind]) => kind !== 'function')).toEqual([]);
  });

  it('bundles no function larger than 5 MB', () => {
    const functions = Object.values(resources).filter(isOurs);
    for (const { Properties } of functions) {
      const bundle = readFileSync(join(folderOf(Properties.Code?.S3Key), 'index.mjs'));
      expect(bundle.length).toBeLessThan(5_000_000);
    }
  });

  it("makes the layer of sharp for Lambda's Linux on arm64, whatever machine deploys", () => {
    const layer = Object.values(resources).find(({ Type }) => Type === 'AWS::Lambda::LayerVersion');
    const images = join(folderOf(layer?.Properties.Content.S3Key), 'nodejs', 'node_modules', '@img');
    const native = readdirSync(images).filter((name) => /^sharp-/.test(name));
    expect(native.sort()).toEqual(['sharp-libvips-linux-arm64', 'sharp-linux-arm64']);
    const [addon = ''] = readdirSync(join(images, 'sharp-linux-arm64', 'lib')).filter((name) => name.endsWith('.node'));
    const head = readFileSync(join(images, 'sharp-linux-arm64', 'lib', addon)).subarray(0, 20);
    // ELF for AArch64.
    expect([head.toString('latin1', 0, 4), head.readUInt16LE(18)]).toEqual(['\x7fELF', 0xb7]);
  });
});
