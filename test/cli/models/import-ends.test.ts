import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { command } from '../command.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-import-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

let hub: Server;
afterEach(() => {
  hub.closeAllConnections();
  hub.close();
});

/** @param answer undefined: it keeps who asks waiting */
async function startHub(answer?: string): Promise<string> {
  hub = createServer((_, response) => void (answer === undefined || response.end(answer))).listen(0, '127.0.0.1');
  await once(hub, 'listening');
  const address = hub.address();
  return `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
}

const importFrom = (endpoint: string) =>
  command(['models', 'import', 'sd-1.4', '--json', '--state', folder], { env: { HF_ENDPOINT: endpoint } });

function childOf(parent: number | undefined): number {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  return pairs.find(([, ppid]) => ppid === parent)?.[0] ?? 0;
}

describe('an import on this machine that does not come to its end', () => {
  it('ends with 1 where the importer met a bug', { timeout: 60_000 }, async () => {
    const { code, stdout, stderr } = await importFrom(await startHub('no list of files')).ended;
    expect(stderr).toContain('Traceback');
    expect([code, JSON.parse(stdout)]).toEqual([1, { model: 'sd-1.4', imported: false }]);
  });

  it('ends with 1 and says by what where the importer was killed', { timeout: 60_000 }, async () => {
    const importing = importFrom(await startHub());
    await once(hub, 'request');
    process.kill(childOf(importing.child.pid), 'SIGKILL');
    const { code, stdout, stderr } = await importing.ended;
    expect(stderr).toContain('The import of sd-1.4 was ended by SIGKILL.');
    expect([code, JSON.parse(stdout)]).toEqual([1, { model: 'sd-1.4', imported: false }]);
  });
});
