import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, makePlace, pressCtrlC, run, toResult } from '../command.ts';

/** The processes that `pid` started, and theirs. */
function descendants(pid: number): readonly number[] {
  const rows = execFileSync('ps', ['-eo', 'pid=,ppid='], { encoding: 'utf8' }).trim().split('\n');
  const pairs = rows.map((row) => row.trim().split(/\s+/).map(Number));
  const children = pairs.flatMap(([child = 0, parent]) => (parent === pid ? [child] : []));
  return children.flatMap((child) => [child, ...descendants(child)]);
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** One job through all of it, in order: each start of a real worker takes many seconds. */
describe('a job on this machine that does not come to its end', () => {
  const images = 40;
  const prompt = 'a small green star on a white background';
  let place: Awaited<ReturnType<typeof makePlace>>;
  let state: readonly string[];
  let jobId = '';
  let left = 0;
  beforeAll(async () => {
    place = await makePlace();
    state = place.flags.slice(0, 2);
  });
  afterAll(() => place.clean());

  const inBucket = (...path: readonly string[]) => join(place.folder, 'state', 'bucket', ...path);
  /** When each picture was written: one that is written again has another time. */
  const pictures = () =>
    new Map(readdirSync(inBucket('images')).map((name) => [name, statSync(inBucket('images', name)).mtimeMs]));
  const lines = (text: string) => text.split('\n').filter(Boolean);

  it('is found by `requeue` where it never closed: the program was killed', { timeout: 300_000 }, async () => {
    const killed = command(['--json', ...place.flags, '--count', String(images), '--max-usd', '5', prompt]);
    await killed.says(/[1-9]\d*\/40 images/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    jobId = readdirSync(inBucket('jobs'))[0] ?? '';
    expect(readdirSync(inBucket('jobs', jobId))).not.toContain('receipt.json');
    const asked = await run(['requeue', jobId, ...state]);
    expect(asked.code, asked.stderr).toBe(0);
    left = images - pictures().size;
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(images);
    expect(asked.stderr).toContain(`${left} of 40 images of job ${jobId} are left.`);
    expect(lines(asked.stdout).map((line) => JSON.parse(line).prompt)).toHaveLength(left);
    expect(readFileSync(inBucket('jobs', jobId, 'requeue.jsonl'), 'utf8')).toBe(asked.stdout);
  });

  it('goes on by `resume`; Ctrl-C to the process group ends that with 130, its pictures stay and no process does', {
    timeout: 300_000,
  }, async () => {
    const before = pictures();
    const resumed = command(['resume', jobId, '--json', ...place.flags], { group: true });
    await resumed.says(new RegExp(`[1-9]\\d*/${left} images`));
    const started = descendants(resumed.child.pid ?? 0);
    expect(started.length).toBeGreaterThanOrEqual(2); // the engine and the worker
    pressCtrlC(resumed);
    const stopped = await resumed.ended;
    expect(stopped.code, stopped.stderr).toBe(130);
    expect(stopped.stderr).toContain('the same command goes on from there');
    expect(stopped.stderr).toContain(`requeue.jsonl; npm start -- resume ${jobId}-r1 ${state.join(' ')}\n`);
    expect(stopped.stderr).not.toContain('    at ');
    expect(started.filter(isAlive)).toEqual([]);
    const result = toResult(stopped);
    expect(result).toMatchObject({ jobId: `${jobId}-r1`, status: 'ABORTED', error: { name: 'JobCanceled' } });
    expect(result.receipt).toMatchObject({ images: left, delivered: pictures().size - before.size, reused: 0 });
  });

  it('is rendered to its end by another `resume`, which draws no finished picture again', {
    timeout: 300_000,
  }, async () => {
    const before = pictures();
    left = images - before.size;
    const resumed = await run(['resume', jobId, '--json', ...place.flags]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(toResult(resumed)).toMatchObject({
      jobId: `${jobId}-r2`,
      receipt: { images: left, delivered: left, reused: 0 },
    });
    const after = pictures();
    expect(after.size).toBe(images);
    for (const [name, written] of before) expect(after.get(name), name).toBe(written);
    const again = await run(['resume', jobId, '--json', ...state]);
    expect([again.code, again.stdout]).toEqual([0, `{"jobId":"${jobId}","left":0}\n`]);
    expect(again.stderr).toContain('Nothing to resume');
  });

  it('rehearses a loss and shows how it is recovered', { timeout: 300_000 }, async () => {
    const drill = ['--drill', 'oom@1,kill@4', '--count', '12', 'a large red ring on a white background'];
    const { code, stderr, stdout } = await run(['--json', ...place.flags, ...drill]);
    expect(code, stderr).toBe(0);
    for (const words of ['drill, exit code 81', 'trying a pool with more memory', 'drill, kill after 4 images']) {
      expect(stderr).toContain(words);
    }
    expect(stderr).toMatch(/shard 0 {2}\d+ of 12 images are there, \d+ to render/);
    expect(stderr).toMatch(/Attempts: GpuOutOfMemory in \S+, WorkerLost in \S+, Succeeded in /);
    const { receipt, attempts } = JSON.parse(stdout);
    expect(attempts).toHaveLength(3);
    expect(receipt).toMatchObject({ delivered: 12, reused: 0 });
  });
});
