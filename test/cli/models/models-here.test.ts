import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, run } from '../command.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-models-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The hub of the importer's own tests, with a model of a few bytes; prints its address. */
const hub = `
import sys, time
sys.path.insert(0, 'tests/support')
from fake_hub import FakeHub
from importing import FILES, MODEL
print(FakeHub(MODEL.home, MODEL.revision, FILES).url, flush=True)
time.sleep(60)
`;

const isImported = (stdout: string, id: string): boolean =>
  JSON.parse(stdout).models.find((model: { readonly id: string }) => model.id === id).imported;

describe('models on the command line', () => {
  it('imports a model into the local bucket and then lists it as being there', { timeout: 60_000 }, async () => {
    const python = join(root, '.venv', 'bin', 'python');
    const child = execFile(python, ['-c', hub], { cwd: join(root, 'container') });
    try {
      const died = once(child, 'exit').then(([code]) => Promise.reject(new Error(`The hub ended with ${code}`)));
      const [line] = await Promise.race([once(child.stdout ?? child, 'data'), died]);
      process.env.HF_ENDPOINT = String(line).trim();
      const before = await run(['models', 'list', '--state', folder]);
      expect(before.stdout).toContain('npm start -- models import sd-1.4');
      const { code, stdout, stderr } = await run(['models', 'import', 'sd-1.4', '--state', folder]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Imported `sd-1.4@');
      const after = await run(['models', 'list', '--state', folder]);
      expect(after.stdout).toMatch(/sd-1\.4 +2\.1 GiB {2}here: .+ in \d+ files, revision \w{12}\n/);
      expect(after.stdout).toContain('accept the Stability AI Community License at https://');
      const asked = await run(['models', 'remove', 'sd-1.4', '--state', folder]);
      expect([asked.code, asked.stderr]).toEqual([2, expect.stringMatching(/^Would remove \d+ files of sd-1\.4, /)]);
      const listed = await run(['models', 'list', '--json', '--state', folder]);
      expect(isImported(listed.stdout, 'sd-1.4')).toBe(true);
      const removed = await run(['models', 'remove', 'sd-1.4', '--yes', '--json', '--state', folder]);
      expect([removed.code, JSON.parse(removed.stdout)]).toMatchObject([0, { model: 'sd-1.4', removed: true }]);
      expect(existsSync(join(folder, 'worker-cache', 'models', 'sd-1.4'))).toBe(false);
      expect(isImported((await run(['models', 'list', '--json', '--state', folder])).stdout, 'sd-1.4')).toBe(false);
      const nothing = await run(['models', 'remove', 'sd-1.4', '--state', folder]);
      expect([nothing.code, nothing.stderr]).toEqual([0, 'Nothing to remove: no file of sd-1.4 is there.\n']);
    } finally {
      delete process.env.HF_ENDPOINT;
      child.kill();
    }
  });

  it.each([
    [[], '`models list`'],
    [['import'], 'model'],
    [['import', 'gpt'], '`sd-1.5`'],
    [['import', 'tiny'], '`tiny` lies in this repository'],
    [['remove'], 'model'],
    [['remove', 'tiny', '--yes'], '`tiny` lies in this repository'],
    [['remove', 'sd-1.5', '--no-wait'], '--no-wait'],
    [['list', '--steps', '4'], '--steps'],
  ])('refuses %j as wrong usage', async (args, named) => {
    const { code, stderr } = await run(['models', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(named);
  });
});
