import { describe, expect, it } from 'vitest';
import { hashToken } from '../../functions/core/tell/gallery.ts';
import { makeOpenDoor } from '../../functions/core/tell/open-door.ts';
import { makeGalleryDoor } from '../../functions/gallery-door.ts';
import { makeFakeBucket } from '../fakes/bucket.ts';
import { makeFakeClock } from '../fakes/clock.ts';
import { makeFakeDoors } from '../fakes/doors.ts';

const token = 'aZ0-_'.padEnd(43, 'x');
const hash = '0f'.repeat(32);
const report = '<!doctype html><img src="../../images/1.png">';

async function setUp(jobId = 'job-1', page = report) {
  const bucket = makeFakeBucket({ [`jobs/${jobId}/report.html`]: page });
  const clock = makeFakeClock();
  const doors = makeFakeDoors();
  const downloads = {
    link: async (key: string, method: string, seconds: number) => `https://s3/${key}?${method}=${seconds}`,
  };
  const openDoor = makeOpenDoor({ galleryUrl: 'https://door/', doors, clock, makeToken: () => token });
  const link = await openDoor(jobId);
  const door = makeGalleryDoor({ bucket, doors, downloads, clock });
  const ask = (rawPath: string, method = 'GET') => door({ rawPath, requestContext: { http: { method } } });
  return {
    bucket,
    clock,
    doors,
    door,
    link,
    ask,
    open: (key: string, method?: string) => ask(`/${token}/${key}`, method),
  };
}

describe('the gallery door', () => {
  it('serves the report itself, so that its relative links lead through the door', async () => {
    const { link, ask } = await setUp();
    const answer = await ask(new URL(link.url).pathname);
    expect(answer).toMatchObject({ statusCode: 200, body: report });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
    });
    const image = new URL('../../images/1.png', link.url);
    expect(image.href).toBe(`https://door/${token}/images/1.png`);
  });

  it('serves the report of a part through the door of its job, by its relative link', async () => {
    const { bucket, link, ask } = await setUp();
    await bucket.write('jobs/job-1-p001/report.html', 'of the part');
    const answer = await ask(new URL('../job-1-p001/report.html', link.url).pathname);
    expect(answer).toMatchObject({ statusCode: 200, body: 'of the part' });
    expect((await ask(new URL('../job-2/report.html', link.url).pathname)).statusCode).toBe(404);
  });

  it.each([
    `images/${hash}.png`,
    `thumbnails/256/${hash}.webp`,
    `thumbnails/512/${hash}.webp`,
    'jobs/job-1/contact-sheet.webp',
    'jobs/job-1/manifest.jsonl',
    'jobs/job-1/receipt.json',
    'jobs/job-1/requeue.jsonl',
  ])('redirects %s to the bucket for five minutes', async (key) => {
    expect(await (await setUp()).open(key)).toEqual({
      statusCode: 302,
      headers: expect.objectContaining({
        location: `https://s3/${key}?GET=300`,
        'cache-control': 'no-store',
        'referrer-policy': 'no-referrer',
      }),
      body: '',
    });
  });

  it.each([
    'jobs/job-2/report.html',
    'jobs/job-1/recipes.jsonl',
    'jobs/job-1/shards/00000.json',
    'jobs/job-1/attempts/00000-1.json',
    'jobs/job-1/../job-2/report.html',
    'jobs/job-1%2F..%2Fjob-2/report.html',
    'jobs/job-1/report.html/',
    'jobs/job-1/',
    'models/tiny/manifest.json',
    `images/${hash}.png/x`,
    `images/${hash.toUpperCase()}.png`,
    `images/${hash.slice(1)}.png`,
    `thumbnails/128/${hash}.webp`,
    `x/images/${hash}.png`,
    `images/${hash}.png%0a`,
    '%',
    '%E0%A4%A',
    '',
  ])('has nothing at %j', async (key) => {
    const answer = await (await setUp()).open(key);
    expect(answer).toMatchObject({ statusCode: 404, headers: { 'cache-control': 'no-store' } });
    expect(answer.body.trim().split('\n')).toHaveLength(1);
  });

  it.each([
    '/',
    '/favicon.ico',
    `/${token.slice(1)}/images/${hash}.png`,
    `//${token}/images/${hash}.png`,
    `/${token}`,
    '',
  ])('has nothing at the path %j', async (path) => {
    expect((await (await setUp()).ask(path)).statusCode).toBe(404);
  });

  it('says the same to a token that is wrong and to one that is too old', async () => {
    const { clock, ask, open } = await setUp();
    const wrong = await ask(`/${'w'.repeat(43)}/images/${hash}.png`);
    clock.advance(7 * 86_400 - 1);
    expect((await open(`images/${hash}.png`)).statusCode).toBe(302);
    clock.advance(1);
    const old = await open(`images/${hash}.png`);
    expect(old).toEqual(wrong);
    expect(old.statusCode).toBe(404);
  });

  it('keeps no token in the ledger, only its hash', async () => {
    const { doors } = await setUp();
    expect([...doors.all.keys()]).toEqual([hashToken(token)]);
    expect(JSON.stringify([...doors.all])).not.toContain(token);
  });

  it('finds the report of a job whose name is not ASCII', async () => {
    const { link, ask } = await setUp('größe (1)');
    expect(link.url).toContain('gr%C3%B6%C3%9Fe');
    expect((await ask(new URL(link.url).pathname)).statusCode).toBe(200);
  });

  it('has nothing where the report is gone', async () => {
    const { bucket, open } = await setUp();
    bucket.delete('jobs/job-1/report.html');
    expect((await open('jobs/job-1/report.html')).statusCode).toBe(404);
  });

  it('says where a report is that Lambda can not answer with', async () => {
    // Quotes count twice in the JSON of an answer.
    const { open } = await setUp('job-1', '"'.repeat(3_000_000));
    const answer = await open('jobs/job-1/report.html');
    expect(answer).toMatchObject({ statusCode: 413, headers: { 'content-type': 'text/plain; charset=utf-8' } });
    expect(answer.body).toContain('https://s3/jobs/job-1/report.html?GET=300');
    const small = await setUp('job-1', 'x'.repeat(5_800_000));
    expect((await small.open('jobs/job-1/report.html')).statusCode).toBe(200);
  });

  it('answers HEAD as GET, without a body', async () => {
    const { open } = await setUp();
    expect(await open('jobs/job-1/report.html', 'HEAD')).toMatchObject({ statusCode: 200, body: '' });
    const { headers } = await open(`images/${hash}.png`, 'HEAD');
    expect(headers.location).toBe(`https://s3/images/${hash}.png?HEAD=300`);
  });

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('refuses %s', async (method) => {
    expect(await (await setUp()).open('jobs/job-1/report.html', method)).toMatchObject({
      statusCode: 405,
      headers: { allow: 'GET, HEAD' },
    });
  });

  it('names no path in the failure of an event that is none', async () => {
    const { door } = await setUp();
    const failure = await door({ rawPath: `/${token}/x` }).catch(String);
    expect(failure).toContain('requestContext');
    expect(failure).not.toContain(token);
  });
});
