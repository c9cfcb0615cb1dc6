import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { startOwnStack } from '../../bench/own-stack.ts';

it('leaves no folder behind where it does not start', { timeout: 60_000 }, async () => {
  const foldersNow = async () => (await readdir(tmpdir())).filter((name) => name.startsWith('spot-diffusion-bench-'));
  const before = await foldersNow();
  await expect(startOwnStack({}, { functionsDir: '/no/functions' })).rejects.toThrow('/no/functions');
  expect(await foldersNow()).toEqual(before);
});
