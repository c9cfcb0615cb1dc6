import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
// @ts-expect-error The set-up runs before anything is installed: plain JavaScript.
import { isInstalled } from '../../../cli/setup/node-packages.mjs';

describe('whether the Node packages are installed', () => {
  let root = '';
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'spot-diffusion-setup-'));
    await mkdir(join(root, 'node_modules'));
  });
  afterEach(() => rm(root, { recursive: true }));

  const write = (file: string, packages: object) => writeFile(join(root, file), JSON.stringify({ packages }));
  const wanted = {
    '': { name: 'spot-diffusion' },
    'node_modules/a': { integrity: 'sha512-a' },
    'node_modules/for-windows': { integrity: 'sha512-w', optional: true },
  };

  it('is seen by what npm wrote down, whoever called it', async () => {
    await write('package-lock.json', wanted);
    await write('node_modules/.package-lock.json', { 'node_modules/a': { integrity: 'sha512-a' } });
    expect(isInstalled(root)).toBe(true);
  });

  it.each([
    ['another version', { 'node_modules/a': { integrity: 'sha512-b' } }],
    ['a missing one', {}],
  ])('is not so with %s', async (_, there) => {
    await write('package-lock.json', wanted);
    await write('node_modules/.package-lock.json', there);
    expect(isInstalled(root)).toBe(false);
  });

  it('is not so where npm was interrupted, which writes last', async () => {
    await write('package-lock.json', wanted);
    expect(isInstalled(root)).toBe(false);
  });
});
