import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDisk, readPython } from '../../../cli/doctor/read-machine.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-machine-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the Python environment of this machine', () => {
  it('is not set up before both sets of packages are whole, and names what it would be made with', async () => {
    const unset = { isSetUp: false, base: expect.stringMatching(/^python/) };
    expect(await readPython(join(folder, 'nowhere'))).toEqual(unset);
    await writeFile(join(folder, '.spot-diffusion-local'), '');
    expect(await readPython(folder)).toEqual(unset);
  });

  it('does not run where it was set up and its program is gone', async () => {
    for (const name of ['worker', 'local']) await writeFile(join(folder, `.spot-diffusion-${name}`), '');
    await expect(readPython(folder)).rejects.toThrow('ENOENT');
  });

  it('has the packages that a job here needs', async () => {
    const { versions } = { versions: {}, ...(await readPython()) };
    expect(Object.keys(versions)).toEqual(['moto', 'torch', 'diffusers']);
  });
});

describe('the disk of this machine', () => {
  it('is measured where a folder would be made that is not there yet', async () => {
    const { freeBytes } = await readDisk(join(folder, 'not', 'yet'));
    expect(freeBytes).toBeGreaterThan(0);
  });
});
