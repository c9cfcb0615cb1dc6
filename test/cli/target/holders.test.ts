import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, open, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { announce, findHolders } from '../../../cli/target/holders.ts';
import { type HttpStub, startStub } from '../../functions/adapters/http-stub.ts';

let state = '';
let stub: HttpStub;
beforeEach(async () => {
  state = await mkdtemp(join(tmpdir(), 'spot-diffusion-held-'));
  stub = await startStub(() => ({}));
});
afterEach(async () => {
  await stub.stop();
  await rm(state, { recursive: true, force: true });
});

const fileOf = (pid: number) => join(state, 'running', `${pid}.json`);
const aHolder = (over: object = {}) => ({
  ...{ pid: process.pid, endpoint: stub.client.endpoint, command: 'serve' },
  ...over,
});

describe('who holds a state folder', () => {
  it('is found while it answers, and not once it has taken its file back', async () => {
    const leave = await announce(state, aHolder());
    expect(await findHolders(state)).toEqual([aHolder()]);
    expect(await readdir(join(state, 'running'))).toEqual([`${process.pid}.json`]);
    await leave();
    expect(await findHolders(state)).toEqual([]);
  });

  it('is found again where it did not answer for a while', async () => {
    await announce(state, aHolder({ endpoint: 'http://127.0.0.1:1' }));
    expect(await findHolders(state)).toEqual([]);
    expect(existsSync(fileOf(process.pid))).toBe(true);
  });

  it('keeps a file that nobody can read yet', async () => {
    await mkdir(join(state, 'running'));
    await writeFile(fileOf(process.pid), '{"pid":');
    expect(await findHolders(state)).toEqual([]);
    expect(existsSync(fileOf(process.pid))).toBe(true);
  });

  it('is struck off once its process is gone, whoever answers there now', async () => {
    const gone = spawn('true');
    await once(gone, 'exit');
    const pid = gone.pid ?? 0;
    await announce(state, aHolder({ pid }));
    expect(await findHolders(state)).toEqual([]);
    expect(existsSync(fileOf(pid))).toBe(false);
  });

  it('says who it is at once: whoever reads meanwhile finds no half of it', async () => {
    await announce(state, aHolder());
    const before = await open(fileOf(process.pid));
    await announce(state, aHolder({ command: 'generate' }));
    expect(JSON.parse(await before.readFile('utf8'))).toEqual(aHolder());
    await before.close();
    expect(await findHolders(state)).toEqual([aHolder({ command: 'generate' })]);
  });
});
