import { describe, expect, it } from 'vitest';
import { makeCloseJob } from '../../functions/close-job.ts';
import { toJsonLines } from '../../functions/core/storage/json-lines.ts';
import { hashToken } from '../../functions/core/tell/gallery.ts';
import { makeOpenDoor } from '../../functions/core/tell/open-door.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { aRecordOf, aSettlement, images, startedAt } from '../fakes/builders.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeDoors } from '../fakes/doors.ts';
import { readPage } from '../fakes/page.ts';
import { fakePictures } from '../fakes/pictures.ts';
import { at, attempt, failures, first, given, pictureOf, second, setUp, third } from './closing.ts';

describe('close-job of a job that delivered everything', () => {
  const files = { ...pictureOf(given), ...attempt };

  it('reconciles what was expected with what is there', async () => {
    const { close } = setUp(files);
    expect(await close({ notify: 'me' })).toEqual({
      jobId: 'job-1',
      status: 'delivered',
      images: 3,
      delivered: 3,
      reused: 1,
      blocked: 0,
      failed: 0,
      usd: 0.1,
      usdPerImage: 0.05,
      savingPercent: 75,
      report: 's3://spot-diffusion/jobs/job-1/report.html',
      notify: 'me',
      error: 'none',
      subject: expect.stringContaining('[spot-diffusion] Delivered: 3 of 3 images'),
      message: expect.stringContaining('3 of 3 images delivered. 1 of 3 images was there already: $0.\n'),
      chat: expect.stringContaining('"source":"custom"'),
      closedNow: true,
      failure: undefined,
    });
  });

  it.each([
    [{ name: 'nightly', time: '2026-11-23T22:00:00Z' }, 'nightly'],
    [{ name: 'nightly', time: 'tonight' }, undefined],
    ['nightly', undefined],
    [null, undefined],
  ])('says which schedule started it, in whatever form the input had it: %j', async (schedule, name) => {
    const { close, json } = setUp(files);
    await close({ schedule });
    expect((await json('receipt.json')).schedule?.name).toBe(name);
  });

  it('counts what a lost attempt put into the bucket as rendered, though it left no record', async () => {
    const { bucket, close } = setUp({
      ...pictureOf([second, third]),
      [at('attempts/00000-1.settled.json')]: JSON.stringify(aSettlement({ outcome: 'WorkerLost', usd: 0.1 })),
      [at('attempts/00000-2.json')]: JSON.stringify(aRecordOf([second], { attempt: 2 })),
      [at('attempts/00000-2.settled.json')]: JSON.stringify(aSettlement({ attempt: 2, usd: 0.1 })),
    });
    bucket.putBy(at('attempts/00000-1.json'), `images/${first.hash}.png`, 'png');
    expect(await close()).toMatchObject({ status: 'delivered', delivered: 3, reused: 1, usd: 0.2, usdPerImage: 0.1 });
  });

  it('says of a job that is closed already what its receipt says', async () => {
    const { bucket, close } = setUp({ [at('attempts/00000-1.json')]: '', ...pictureOf([first]) });
    const once = await close({ failures });
    bucket.delete(`images/${first.hash}.png`);
    const again = await close({ failures: [{ error: 'States.Runtime', cause: 'later' }] });
    expect(again).toEqual({ ...once, closedNow: false });
  });

  it('writes manifest, report, contact sheet and, last, the receipt', async () => {
    const { bucket, close, json } = setUp(files);
    await close({ plannedUsd: { p50: 1, p90: 2, onDemand: 3 } });
    expect(bucket.written).toEqual([
      at('manifest.jsonl'),
      at('report.html'),
      at('contact-sheet.webp'),
      at('receipt.json'),
    ]);
    const lines = ((await bucket.read(at('manifest.jsonl'))) ?? '').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).hash)).toEqual(given.map(({ hash }) => hash));
    expect(await json('receipt.json')).toMatchObject({
      status: 'delivered',
      startedAt,
      closedAt: '2026-11-23T22:30:00.000Z',
      plannedUsd: { p50: 1 },
      attempts: [{ usd: 0.1 }],
    });
    expect(await bucket.read(at('contact-sheet.webp'))).toBe('t0|t1|t2');
    const page = readPage((await bucket.read(at('report.html'))) ?? '');
    expect(page).toMatchObject({ jobId: 'job-1', layout: 'bucket', attempts: [{ outcome: 'Succeeded' }] });
    expect(page.pictures?.list).toHaveLength(3);
  });

  it('says in the receipt of a local job that nothing was paid', async () => {
    const bucket = makeFakeBucket({ ...files, [at('recipes.jsonl')]: toJsonLines(given) });
    const close = makeCloseJob({ bucket, clock: makeFakeClock(), pictures: fakePictures, simulated: true });
    expect((await close({ jobId: 'job-1', startedAt, failures: [] })).message).toContain('Simulated cost');
    expect(JSON.parse((await bucket.read(at('receipt.json'))) ?? '')).toMatchObject({ simulated: true });
  });

  it('notifies all unless told', async () => {
    expect((await setUp(files).close()).notify).toBe('all');
    expect((await setUp(files).close({ notify: null, plannedUsd: null })).notify).toBe('all');
  });

  it('is delivered even where a state failed on the way', async () => {
    expect(await setUp(files).close({ failures })).toMatchObject({ status: 'delivered', failure: undefined });
  });

  it('makes a contact sheet of the first hundred that have a thumbnail', async () => {
    const many = images(130);
    const { bucket, close } = setUp(pictureOf(many), many);
    bucket.delete(`thumbnails/256/${many[5]?.hash}.webp`);
    await close();
    const shown = ((await bucket.read(at('contact-sheet.webp'))) ?? '').split('|');
    expect(shown).toHaveLength(99);
    expect(shown.slice(4, 6)).toEqual(['t4', 't6']);
    expect(shown.at(-1)).toBe('t99');
  });

  it('shows no image that is gone, even where its thumbnail is left', async () => {
    const { bucket, close } = setUp(pictureOf(given));
    bucket.delete(`images/${second.hash}.png`);
    await close();
    expect(await bucket.read(at('contact-sheet.webp'))).toBe('t0|t2');
  });

  it('makes no contact sheet of nothing', async () => {
    const { bucket, close } = setUp({ [`images/${first.hash}.png`]: 'x' });
    await close();
    expect(bucket.keys()).not.toContain(at('contact-sheet.webp'));
  });
});

describe('close-job of a job with a missing image', () => {
  const files = { ...pictureOf([first]), ...attempt };

  it('is failed under the name of what failed, and leaves the rest in a requeue file', async () => {
    const { bucket, close } = setUp(files);
    expect(await close({ failures })).toMatchObject({
      status: 'failed',
      delivered: 1,
      failed: 2,
      subject: '[spot-diffusion] Failed: BudgetExceeded, 1 of 3 images, $0.10, saved 75 % (job-1)',
      failure: { error: 'BudgetExceeded', cause: 'too dear' },
    });
    const lines = ((await bucket.read(at('requeue.jsonl'))) ?? '').trim().split('\n');
    expect(lines.map((line) => JSON.parse(line).seed)).toEqual([1, 2]);
  });

  it('is never delivered, even where nobody told of a failure', async () => {
    expect(await setUp(files).close()).toMatchObject({ status: 'failed', failure: { error: 'GenerationFailed' } });
  });

  it('cuts the cause to what AWS takes', async () => {
    const cause = 'x'.repeat(40_000);
    expect((await setUp(files).close({ failures: [{ error: 'InvalidJob', cause }] })).failure?.cause).toHaveLength(
      32_768,
    );
  });

  it('closes a job that was refused before it had images', async () => {
    const { bucket, close } = setUp({}, []);
    const refused = { error: 'InvalidJob', cause: 'wrong' };
    expect(await close({ failures: [refused] })).toMatchObject({ status: 'failed', images: 0, failure: refused });
    expect(bucket.written).toEqual([at('manifest.jsonl'), at('report.html'), at('receipt.json')]);
  });

  it('sums up all attempts of all shards', async () => {
    const more = {
      [at('attempts/00001-1.settled.json')]: JSON.stringify(aSettlement({ shard: 1, usd: 0.2, onDemandUsd: 0.4 })),
      'jobs/job-10/attempts/00000-1.settled.json': JSON.stringify(aSettlement({ usd: 99 })),
    };
    expect((await setUp({ ...files, ...more }).close()).usd).toBe(0.3);
  });

  it('loses no job over a record that is no record', async () => {
    const record = { [at('attempts/00001-1.json')]: '{"version":9}' };
    expect((await setUp({ ...files, ...record }).close()).delivered).toBe(1);
  });

  it.each(['', '{"version":'])('loses no job over a record that is no JSON: %j', async (text) => {
    const { close } = setUp({ ...files, [at('attempts/00001-1.json')]: text });
    expect((await close()).delivered).toBe(1);
  });
});

describe('close-job where the gallery door is on', () => {
  const files = { ...pictureOf(given), ...attempt, [at('recipes.jsonl')]: toJsonLines(given) };

  function setUpDoor() {
    const bucket = makeFakeBucket(files);
    const clock = makeFakeClock();
    const doors = makeFakeDoors();
    let tokens = 0;
    const makeToken = () => String(++tokens).padStart(43, 't');
    const openDoor = makeOpenDoor({ galleryUrl: 'https://door/', doors, clock, makeToken });
    const close = makeCloseJob({ bucket, clock, pictures: fakePictures, openDoor });
    return { bucket, doors, openDoor, close: () => close({ jobId: 'job-1', startedAt, failures: [] }) };
  }

  it('sends a link through the door and says how long it opens', async () => {
    const { doors, close } = setUpDoor();
    const url = `https://door/${'t'.repeat(42)}1/jobs/job-1/report.html`;
    const { report, message } = await close();
    expect(report).toBe(url);
    expect(message).toContain(`Report (the link opens for 7 days, for everyone who has it): ${url}`);
    expect([...doors.all.values()]).toEqual([{ jobId: 'job-1', expires: Date.parse('2026-11-30T22:00:00Z') / 1000 }]);
  });

  it('sends a link that opens when it runs again because its first answer was lost', async () => {
    const { doors, close } = setUpDoor();
    await close();
    const again = await close();
    expect(again.closedNow).toBe(false);
    const token = again.report.split('/')[3] ?? '';
    expect(await doors.find(hashToken(token))).toMatchObject({ jobId: 'job-1' });
  });

  it('leaves the job open where no door can be made: the other end closes it and says so', async () => {
    const { bucket } = setUpDoor();
    const openDoor = () => Promise.reject(new Error('no table'));
    const close = makeCloseJob({ bucket, clock: makeFakeClock(), pictures: fakePictures, openDoor });
    await expect(close({ jobId: 'job-1', startedAt, failures: [] })).rejects.toThrow('no table');
    expect(bucket.keys()).not.toContain(at('receipt.json'));
  });
});

describe('the message of close-job', () => {
  const files = { ...pictureOf(given), ...attempt };
  const execution = 'arn:aws:states:eu-west-1:123456789012:execution:spot-diffusion:job-1';

  it('links to the execution, tells why a shard waited, and names pictures that are none', async () => {
    const pause = { version: 1, shard: 0, from: startedAt, seconds: 600, reason: 'all pools refused' };
    const { close } = setUp({ ...files, [at('attempts/00000-1.pause.json')]: JSON.stringify(pause) });
    const { message } = await close({ execution, unreadable: ['images/ab.png: Expected a PNG, got other bytes'] });
    expect(message).toContain(`details/${execution}`);
    expect(message).toContain('  10 min: all pools refused');
    expect(message).toContain('Not a picture: images/ab.png');
  });

  it('goes to those that the job names, also after an end that knows nothing but its name', async () => {
    const job = { jobId: 'job-1', startedAt, images: 3, duplicates: 0, models: ['tiny'], mode: 'run' };
    const told = { ...job, onDemand: 'never', sameGpu: false, notify: 'night-team' };
    expect((await setUp({ ...files, [at('job.json')]: JSON.stringify(told) }).close({})).notify).toBe('night-team');
    expect((await setUp({ ...files, [at('job.json')]: '{}' }).close({})).notify).toBe('all');
    expect((await setUp(files).close({ notify: '\u0007' })).notify).toBe(' ');
    expect((await setUp(files).close({ notify: '' })).notify).toBe('all');
  });
});

describe('close-job of a scheduled job that was refused', () => {
  it('tells of it as of any other', async () => {
    const { close } = setUp({}, []);
    const cause = JSON.stringify({ errorMessage: 'Expected `schedule.time` to be an ISO time in UTC' });
    expect(await close({ failures: [{ error: 'InvalidJob', cause }] })).toMatchObject({
      status: 'failed',
      notify: 'all',
      subject: '[spot-diffusion] Failed: InvalidJob, nothing was rendered (job-1)',
      error: 'InvalidJob',
      message: expect.stringContaining('InvalidJob: Expected `schedule.time`'),
    });
  });
});

it('refuses an event that is no job', async () => {
  await expect(setUp({}).close({ jobId: '' })).rejects.toThrow();
});
