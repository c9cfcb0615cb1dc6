import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { startOwnStack } from '../../bench/own-stack.ts';

afterEach(() => void vi.unstubAllEnvs());

it('leaves no folder behind where it does not start', { timeout: 60_000 }, async () => {
  const own = await mkdtemp(join(tmpdir(), 'own-stack-'));
  try {
    vi.stubEnv('TMPDIR', own);
    await expect(startOwnStack({}, { functionsDir: '/no/functions' })).rejects.toThrow('/no/functions');
    expect((await readdir(own)).filter((name) => name.startsWith('spot-diffusion-bench-'))).toEqual([]);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
});
