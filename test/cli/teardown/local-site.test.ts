import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announce } from '../../../cli/target/holders.ts';
import { openLocalSite } from '../../../cli/teardown/local-site.ts';
import { startStub } from '../../functions/adapters/http-stub.ts';

let state = '';
let stranger: ChildProcess;
let stub: Awaited<ReturnType<typeof startStub>>;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'spot-diffusion-here-'));
  stranger = spawn('sleep', ['60']);
  stub = await startStub(() => ({}));
});
afterEach(async () => {
  stranger.kill();
  await stub.stop();
  await rm(state, { recursive: true, force: true });
});

const hold = (command: string) => announce(state, { pid: stranger.pid ?? 0, endpoint: stub.client.endpoint, command });

describe('a state folder that somebody holds', () => {
  it('keeps a process that only has the number of one of ours', async () => {
    await hold('serve');
    const [step] = await openLocalSite({ state }).plan();
    expect(step?.says).toBe(`end \`serve\` on ${stub.client.endpoint} (process ${stranger.pid})`);
    await expect(step?.run()).rejects.toThrow(
      `Expected process ${stranger.pid} to be \`npm start -- serve\`, it is another.`,
    );
    expect(stranger.exitCode).toBeNull();
  });

  it('is not torn down under a job that runs', async () => {
    await hold('generate');
    await expect(openLocalSite({ state }).plan()).rejects.toThrow(
      /Expected no job to run from .+ \(`generate`\) does\./,
    );
  });

  it('is left as it is where nothing is there', async () => {
    const site = openLocalSite({ state: join(state, 'nowhere') });
    expect(await site.plan()).toEqual([]);
    expect(await site.verify([])).toMatchObject({ isClean: true, json: { running: [], left: [], bytes: 0 } });
  });
});
