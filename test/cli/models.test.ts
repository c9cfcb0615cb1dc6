import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { root, run } from './command.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-models-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The hub of the importer's own tests, with a model of a few bytes; prints its address. */
const hub = `
import sys, time
sys.path.insert(0, 'tests')
from fake_hub import FakeHub
from test_importer import FILES, MODEL
print(FakeHub(MODEL.home, MODEL.revision, FILES).url, flush=True)
time.sleep(60)
`;

describe('models on the command line', () => {
  it('imports a model into the local bucket and then lists it as being there', { timeout: 60_000 }, async () => {
    const python = join(root, '.venv', 'bin', 'python');
    const child = execFile(python, ['-c', hub], { cwd: join(root, 'container') });
    try {
      const [line] = await once(child.stdout ?? child, 'data');
      process.env.HF_ENDPOINT = String(line).trim();
      const before = await run(['models', 'list', '--state', folder]);
      expect(before.stdout).toContain('npm start -- models import sd-1.4');
      const { code, stdout, stderr } = await run(['models', 'import', 'sd-1.4', '--state', folder]);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toContain('Imported `sd-1.4@');
      const after = await run(['models', 'list', '--state', folder]);
      expect(after.stdout).toMatch(/sd-1\.4 +2\.1 GiB {2}here\n/);
      expect(after.stdout).toContain('accept the Stability AI Community License at https://');
    } finally {
      delete process.env.HF_ENDPOINT;
      child.kill();
    }
  });

  it.each([
    [[], '`models list`'],
    [['import'], 'model'],
    [['import', 'gpt'], '`sd-1.5`'],
    [['list', '--steps', '4'], '--steps'],
  ])('refuses %j as wrong usage', async (args, named) => {
    const { code, stderr } = await run(['models', ...args]);
    expect(code).toBe(2);
    expect(stderr).toContain(named);
  });
});
