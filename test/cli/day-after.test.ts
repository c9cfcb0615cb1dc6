import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ServedStack, serveStack } from './a-stack.ts';
import { command, run, toResult } from './command.ts';

/** What one asks the morning after, of what `serve` keeps. */
describe('status, costs, open and schedule against `serve`', () => {
  let stack: ServedStack;
  let place: ServedStack['place'];
  let state: readonly string[];
  let jobId = '';

  beforeAll(async () => {
    stack = await serveStack();
    ({ place, state } = stack);
    jobId = toResult(await run(['--json', ...place.flags, 'a red circle'])).jobId;
  }, 180_000);
  afterAll(() => stack.stop());

  const ask = async (...args: readonly string[]) => run([...args, ...state]);
  const askJson = async (...args: readonly string[]) => {
    const { code, stdout, stderr } = await ask(...args, '--json');
    expect(code, stderr).toBe(0);
    return JSON.parse(stdout);
  };

  it('lists the job that ended, with what it would have cost', async () => {
    const { code, stdout } = await ask('status');
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`^${jobId} +delivered +1/1 +\\$0\\.0\\d+ \\(not paid: local\\)$`, 'm'));
    expect(await askJson('status', jobId)).toMatchObject({ jobId, state: 'ended', status: 'delivered' });
  });

  it('says how far a running job is and what each attempt does', { timeout: 180_000 }, async () => {
    const running = command(['--json', ...place.flags, '--count', '60', '--seed', '7', 'a blue ring']);
    await running.says('attempt 1 in');
    const { running: jobs } = await askJson('status');
    expect(jobs).toHaveLength(1);
    expect(jobs[0]).toMatchObject({ images: 60, atLeast: false, unknown: 0 });
    const one = await askJson('status', jobs[0].jobId);
    expect(one).toMatchObject({ state: 'running', attempts: [{ pool: expect.stringMatching(/spot$/) }] });
    expect(one.reservedUsd).toBeGreaterThan(0);
    await ask('cancel', jobs[0].jobId);
    expect((await running.ended).code).toBe(130);
  });

  it('ends with 1 for a job that nobody knows', async () => {
    const hint = `\`npm start -- status ${state.join(' ')}\` lists them.`;
    for (const verb of ['status', 'open']) {
      const { code, stderr } = await ask(verb, 'nobody');
      expect([code, stderr]).toEqual([1, expect.stringContaining(`found nothing of \`nobody\`. ${hint}`)]);
    }
  });

  it('adds up the month from receipts', async () => {
    const report = await askJson('costs');
    expect(report.jobs.map((job: { jobId: string }) => job.jobId)).toContain(jobId);
    expect(report.total.usd).toBeGreaterThan(0);
    expect((await ask('costs', '--month', '2025-01')).stdout).toBe('No job closed in 2025-01.\n');
  });

  it('brings a job here and says where its report is', async () => {
    const out = join(place.folder, 'opened');
    expect(await askJson('open', jobId, '--no-browser', '--out', out)).toEqual({
      jobId,
      report: join(out, 'report.html'),
      images: 1,
    });
    expect(existsSync(join(out, 'report.html'))).toBe(true);
  });

  it('keeps a schedule, runs it once, and takes it away', { timeout: 180_000 }, async () => {
    // What it draws is there: no worker has to start.
    const lists = join(place.folder, 'lists');
    await mkdir(lists);
    await writeFile(join(lists, 'shade.txt'), 'red\n');
    const told = ['--prompt', 'a __shade__ circle', '--wildcards', lists, '--time-zone', 'Europe/Berlin'];
    expect(await askJson('schedule', 'add', 'night', 'cron(0 2 * * ? *)', ...told, '--max-usd', '0.5')).toEqual({
      ...{ name: 'night', expression: 'cron(0 2 * * ? *)', timeZone: 'Europe/Berlin', images: 1, maxUsd: 0.5 },
    });
    const again = await ask('schedule', 'add', 'night', 'rate(1 day)', '--prompt', 'a star');
    expect([again.code, again.stderr]).toEqual([
      1,
      expect.stringContaining(`npm start -- schedule remove night ${state.join(' ')}\``),
    ]);
    const tested = toResult(await ask('schedule', 'test', 'night', '--json', '--out', join(place.folder, 'tested')));
    expect(tested).toMatchObject({ status: 'SUCCEEDED', images: [{ prompt: 'a red circle', reused: true }] });
    const { schedules } = await askJson('schedule', 'list');
    expect(schedules).toMatchObject([
      { name: 'night', timeZone: 'Europe/Berlin', maxUsd: 0.5, last: [{ jobId: tested.jobId, status: 'delivered' }] },
    ]);
    expect((await askJson('costs')).schedules.night).toMatchObject({ jobs: 1, delivered: 1 });
    expect(await askJson('schedule', 'remove', 'night')).toEqual({ name: 'night', removed: true });
    const nothing = await ask('schedule', 'remove', 'night');
    expect([nothing.code, nothing.stderr]).toEqual([
      1,
      expect.stringContaining(`\`npm start -- schedule list ${state.join(' ')}\` lists them.`),
    ]);
  });

  it('refuses prompts with the errors of the night, and keeps nothing', async () => {
    const { code, stderr } = await ask('schedule', 'add', 'bad', 'rate(1 day)', '--prompt', 'a star', '--steps', '0');
    expect(code).toBe(1);
    expect(stderr).toContain('InvalidJob: Expected `steps`');
    expect((await ask('schedule', 'list')).stdout).toBe('No schedules.\n');
  });

  it('says in `status` that a schedule failed twice', { timeout: 60_000 }, async () => {
    await ask('schedule', 'add', 'doomed', 'rate(1 day)', '--prompt', 'a star', '--max-usd', '0.000001');
    for (const out of ['one', 'two']) {
      expect((await ask('schedule', 'test', 'doomed', '--out', join(place.folder, out))).code).toBe(1);
      // A time of its own: the same second would be the same job.
      await new Promise((resolve) => setTimeout(resolve, 1100));
    }
    const { stdout } = await ask('status');
    expect(stdout).toMatch(/^Schedule doomed failed twice in a row, last as job doomed-test-\S+: BudgetExceeded: /m);
    await ask('schedule', 'remove', 'doomed');
  });
});
