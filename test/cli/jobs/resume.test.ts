import { readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, makePlace, pressCtrlC, run, toResult } from '../command.ts';

describe('a job that was stopped on this machine', () => {
  let place: Awaited<ReturnType<typeof makePlace>>;
  let state: readonly string[];
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
  const start = (args: readonly string[]) =>
    command(['--json', ...place.flags, ...args, 'a small green star on a white background'], { group: true });

  it('Ctrl-C to the process group ends it with 130; its pictures stay, and `resume` renders the others alone', {
    timeout: 300_000,
  }, async () => {
    const first = start(['--count', '60', '--max-usd', '5']);
    await first.says(/[1-9]\d*\/60 images/);
    pressCtrlC(first);
    const stopped = await first.ended;
    expect(stopped.code, stopped.stderr).toBe(130);
    const { jobId, receipt } = toResult(stopped);
    expect(stopped.stderr).toContain(`npm start -- resume ${jobId}`);
    const before = pictures();
    expect(before.size).toBe(receipt.delivered);
    const left = 60 - before.size;

    const asked = await run(['requeue', jobId, ...state]);
    expect(asked.code, asked.stderr).toBe(0);
    expect(asked.stderr).toContain(`${left} of 60 images of job ${jobId} are left.`);
    expect(lines(asked.stdout).map((line) => JSON.parse(line).prompt)).toHaveLength(left);
    expect(readFileSync(inBucket('jobs', jobId, 'requeue.jsonl'), 'utf8')).toBe(asked.stdout);

    const resumed = await run(['resume', jobId, '--json', ...place.flags]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(toResult(resumed)).toMatchObject({
      jobId: `${jobId}-r1`,
      receipt: { images: left, delivered: left, reused: 0 },
    });
    const after = pictures();
    expect(after.size).toBe(60);
    for (const [name, written] of before) expect(after.get(name), name).toBe(written);

    const again = await run(['resume', jobId, '--json', ...state]);
    expect([again.code, again.stdout]).toEqual([0, `{"jobId":"${jobId}","left":0}\n`]);
    expect(again.stderr).toContain('Nothing to resume');
    const ended = await run(['cancel', jobId, ...state]);
    expect([ended.code, ended.stderr]).toEqual([0, `Nothing to stop: job ${jobId} does not run.\n`]);
  });

  it('is found by `requeue` and `resume` where it never closed: the program was killed', {
    timeout: 300_000,
  }, async () => {
    const killed = start(['--count', '60', '--seed', '1000']);
    await killed.says(/[1-9]\d*\/60 images/);
    killed.child.kill('SIGKILL');
    await killed.ended;
    const jobId = readdirSync(inBucket('jobs')).sort().at(-1) ?? '';
    expect(readdirSync(inBucket('jobs', jobId))).not.toContain('receipt.json');
    const { stdout, code } = await run(['requeue', jobId, '--json', ...state]);
    expect(code).toBe(0);
    const { left } = JSON.parse(stdout);
    expect(left).toBeGreaterThan(0);
    expect(left).toBeLessThan(60);
    const resumed = await run(['resume', jobId, '--json', ...place.flags]);
    expect(resumed.code, resumed.stderr).toBe(0);
    expect(toResult(resumed).receipt).toMatchObject({ images: left, delivered: left, reused: 0 });
  });

  it('rehearses a loss and shows how it is recovered', { timeout: 300_000 }, async () => {
    const prompt = 'a large red ring on a white background';
    const { code, stderr, stdout } = await run([
      '--json',
      ...place.flags,
      '--drill',
      'oom@1,kill@4',
      '--count',
      '24',
      prompt,
    ]);
    expect(code, stderr).toBe(0);
    for (const words of ['drill, exit code 81', 'trying a pool with more memory', 'drill, kill after 4 images']) {
      expect(stderr).toContain(words);
    }
    expect(stderr).toMatch(/shard 0 {2}\d+ of 24 images are there, \d+ to render/);
    expect(stderr).toMatch(/Attempts: GpuOutOfMemory in \S+, WorkerLost in \S+, Succeeded in /);
    const { receipt, attempts } = JSON.parse(stdout);
    expect(attempts).toHaveLength(3);
    expect(receipt).toMatchObject({ delivered: 24, reused: 0 });
  });
});

describe('a job that is named wrongly', () => {
  let place: Awaited<ReturnType<typeof makePlace>>;
  beforeAll(async () => {
    place = await makePlace();
  });
  afterAll(() => place.clean());

  it.each(['resume', 'requeue', 'cancel'])('`%s` of a job that nobody knows says so and ends with 1', async (verb) => {
    const { code, stderr } = await run([verb, 'nobody', ...place.flags.slice(0, 2)]);
    expect(code).toBe(1);
    expect(stderr).toBe(`Expected a job, nothing was rendered in ${place.flags[1]} yet.\n`);
    await mkdir(join(place.folder, 'other', 'bucket'), { recursive: true });
    const other = await run([verb, 'nobody', '--state', join(place.folder, 'other')]);
    expect(other.code).toBe(1);
    expect(other.stderr).toBe('Expected the name of a job, found nothing of `nobody` in s3://spot-diffusion/jobs/.\n');
  });

  it.each([
    [['resume'], "argument 'job'. `npm start -- resume --help` shows how."],
    [['cancel', 'a', 'b'], "arguments for 'cancel'"],
    [['requeue', '../secrets'], 'Expected the name of a job'],
    [['resume', 'night', '--steps', '4'], '--steps'],
    [['--drill', 'flood@3', 'a star'], 'interrupt@N'],
    [['--stack', 'spot-diffusion', '--workers', '2', 'a star'], '`--workers`'],
  ])('%j is wrong usage', async (args, named) => {
    const { code, stderr } = await run(args);
    expect(code).toBe(2);
    expect(stderr).toContain(named);
    expect(stderr).not.toContain('    at ');
  });

  it('is told what a refused job and a plan are', { timeout: 120_000 }, async () => {
    const refused = toResult(await run(['--json', ...place.flags, 'x', '--steps', '0']));
    const resumed = await run(['resume', refused.jobId, ...place.flags]);
    expect(resumed.code).toBe(1);
    expect(resumed.stderr).toContain('was refused before it had images (InvalidPrompt: ');
    const plan = toResult(await run(['plan', '--json', ...place.flags.slice(0, 2), 'a star']));
    const planned = await run(['resume', plan.jobId, ...place.flags]);
    expect([planned.code, planned.stderr]).toEqual([1, expect.stringContaining(`Job ${plan.jobId} was a plan`)]);
  });
});
