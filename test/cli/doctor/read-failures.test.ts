import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFailuresHere } from '../../../cli/doctor/read-failures.ts';

let state = '';
beforeAll(async () => {
  state = await mkdtemp(join(tmpdir(), 'spot-diffusion-failures-'));
});
afterAll(() => rm(state, { recursive: true, force: true }));

async function close(jobId: string, minute: number, failure?: object): Promise<void> {
  const folder = join(state, 'bucket', 'jobs', jobId);
  await mkdir(folder, { recursive: true });
  const at = new Date(Date.UTC(2026, 10, 30, 12, minute));
  const file = join(folder, 'receipt.json');
  await writeFile(file, JSON.stringify({ jobId, closedAt: at.toISOString(), failure }));
  await utimes(file, at, at);
}

describe('what failed on this machine', () => {
  it('is nothing before the first job', async () => {
    expect(await readFailuresHere(join(state, 'nowhere'))).toEqual([]);
  });

  it('is read from the receipts, the newest first, three at most; a job that runs has none', async () => {
    await close('fine', 9);
    for (const minute of [2, 4, 1, 3]) await close(`job-${minute}`, minute, { error: 'WorkerLost', cause: 'gone' });
    await mkdir(join(state, 'bucket', 'jobs', 'running'));
    expect(await readFailuresHere(state)).toEqual([
      { jobId: 'job-4', at: '2026-11-30T12:04:00.000Z', error: 'WorkerLost', cause: 'gone' },
      expect.objectContaining({ jobId: 'job-3' }),
      expect.objectContaining({ jobId: 'job-2' }),
    ]);
  });
});
