import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { InvalidJob } from '../../../../functions/core/errors.ts';
import type { JobInput, PromptItem } from '../../../../functions/core/input/job-input.ts';
import { findModel } from '../../../../functions/core/input/models.ts';
import {
  checkStart,
  keepStartImages,
  makeStartReader,
  startImageKey,
  startImageLimit,
  toStart,
} from '../../../../functions/core/input/start-images.ts';
import type { Bucket } from '../../../../functions/core/storage/bucket.ts';
import { makeFakeBucket } from '../../../fakes/bucket.ts';

const picture = (text: string) => Buffer.concat([Buffer.from([0x89]), Buffer.from(`PNG ${text}`)]);
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
const red = picture('red');
const files = {
  'in/red.png': red,
  'in/again.png': red,
  'in/blue.jpg': Buffer.from([0xff, 0xd8, 0xff, 0xe0]),
  'in/green.webp': Buffer.from('RIFF\n\0\0\0WEBPVP8 '),
  'in/notes.txt': 'a text',
  'in/film.avi': Buffer.from('xRIFF\n\0\0\0WEBP'),
  'in/empty.png': '',
  'in/large.png': Buffer.concat([red, Buffer.alloc(startImageLimit)]),
  'in/largest.png': Buffer.concat([red, Buffer.alloc(startImageLimit - red.length)]),
};
const uri = (name: string) => `s3://spot-diffusion/in/${name}`;
const item = (over: Partial<PromptItem> = {}): PromptItem => ({ prompt: 'a', ...over });
async function readFrom(bucket: Bucket, items: readonly PromptItem[], job: Partial<JobInput> = {}) {
  const reader = makeStartReader(bucket);
  const ofJob = await reader.read([job]);
  // As from a file: some at a time.
  const ofItems = [];
  for (const each of items) ofItems.push(...(await reader.read([each])));
  return { starts: reader.starts, problems: [...reader.checkStrength(job), ...ofJob, ...ofItems] };
}
const read = (items: readonly PromptItem[], job: Partial<JobInput> = {}) => readFrom(makeFakeBucket(files), items, job);

describe('makeStartReader', () => {
  it('reads those of the job and of its prompts, by their hash', async () => {
    const { starts, problems } = await read([item({ startImage: uri('blue.jpg') }), item()], {
      startImage: uri('red.png'),
    });
    expect(problems).toEqual([]);
    expect([...starts.keys()].toSorted()).toEqual([uri('blue.jpg'), uri('red.png')]);
    const hash = sha256(red);
    expect(starts.get(uri('red.png'))).toEqual({ image: `s3://spot-diffusion/start-images/${hash}`, sha256: hash });
  });

  it('takes the same picture under two names for one', async () => {
    const { starts } = await read([item({ startImage: uri('red.png') }), item({ startImage: uri('again.png') })]);
    expect(starts.get(uri('red.png'))).toEqual(starts.get(uri('again.png')));
  });

  it('takes PNG, JPEG and WebP', async () => {
    const given = ['red.png', 'blue.jpg', 'green.webp'].map((name) => item({ startImage: uri(name) }));
    expect((await read(given)).problems).toEqual([]);
  });

  it.each([
    [uri('none.png'), `to exist, found nothing at \`${uri('none.png')}\``],
    [uri('notes.txt'), 'to be a PNG, JPEG or WebP picture, got something else'],
    [uri('film.avi'), 'to be a PNG, JPEG or WebP picture, got something else'],
    [uri('empty.png'), 'to be a PNG, JPEG or WebP picture, got something else'],
    [uri('large.png'), `to have at most ${startImageLimit} bytes, got more at \`${uri('large.png')}\``],
    ['s3://other/red.png', 'to be `s3://spot-diffusion/` and a key, got `s3://other/red.png`'],
    ['s3://spot-diffusion-2/red.png', 'to be `s3://spot-diffusion/` and a key'],
    ['/etc/passwd', 'to be `s3://spot-diffusion/` and a key, got `/etc/passwd`'],
    ['https://example.org/red.png', 'to be `s3://spot-diffusion/` and a key'],
    ['s3://spot-diffusion/', 'to be `s3://spot-diffusion/` and a key'],
    ['s3://spot-diffusion//a', 'to be `s3://spot-diffusion/` and a key'],
    [`s3://spot-diffusion/${'ä'.repeat(600)}`, 'to be `s3://spot-diffusion/` and a key'],
  ])('refuses %s', async (startImage, text) => {
    const { starts, problems } = await read([item({ startImage })]);
    expect(starts.size).toBe(0);
    expect(problems).toEqual([
      { path: 'startImage', message: expect.stringContaining(`Expected \`startImage\` ${text}`) },
    ]);
  });

  it('takes one of exactly as many bytes as it may have', async () => {
    const { starts, problems } = await read([item({ startImage: uri('largest.png') })]);
    expect([problems, starts.size]).toEqual([[], 1]);
  });

  it('never has more in memory than a picture may have, and a byte', async () => {
    const bucket = makeFakeBucket(files);
    const sizes: (number | undefined)[] = [];
    const watched: Bucket = {
      ...bucket,
      readBytes: async (key, most) => {
        const bytes = await bucket.readBytes(key, most);
        sizes.push(bytes?.length);
        return bytes;
      },
    };
    await readFrom(watched, [item({ startImage: uri('large.png') })]);
    // What grew since it was read.
    const { starts } = await readFrom(bucket, [item({ startImage: uri('red.png') })]);
    await bucket.write('in/red.png', files['in/large.png']);
    await expect(keepStartImages(starts, watched)).rejects.toThrow(InvalidJob);
    expect(sizes).toEqual([startImageLimit + 1, startImageLimit + 1]);
  });

  it('reads each once, eight at a time, however many prompts name it', async () => {
    const names = Array.from({ length: 20 }, (_, index) => `in/${index}.png`);
    const bucket = makeFakeBucket(Object.fromEntries(names.map((name) => [name, picture(name)])));
    const asked: string[] = [];
    let [now, most] = [0, 0];
    const reader = makeStartReader({
      ...bucket,
      readBytes: async (key, limit) => {
        asked.push(key);
        most = Math.max(most, ++now);
        await new Promise((resolve) => setImmediate(resolve));
        now -= 1;
        return bucket.readBytes(key, limit);
      },
    });
    const items = names.map((name) => item({ startImage: `s3://spot-diffusion/${name}` }));
    await reader.read([...items, ...items]);
    await reader.read([...items, item({ startImage: uri('none.png') })]);
    expect(asked.toSorted()).toEqual([...names, 'in/none.png'].toSorted());
    expect(most).toBe(8);
  });

  it('names every one that is wrong', async () => {
    const given = Array.from({ length: 20 }, (_, index) => item({ startImage: uri(`none-${index}.png`) }));
    expect((await read(given)).problems).toHaveLength(20);
  });

  it("refuses a job's strength where nothing starts from a picture", async () => {
    expect((await read([item()], { strength: 0.5 })).problems).toEqual([
      { path: 'strength', message: 'Expected `strength` to come with `startImage`, got it alone' },
    ]);
    expect((await read([item({ startImage: uri('red.png') })], { strength: 0.5 })).problems).toEqual([]);
  });
});

describe('keepStartImages', () => {
  it('copies each picture once, to a key that is its hash', async () => {
    const bucket = makeFakeBucket(files);
    const given = ['red.png', 'again.png', 'blue.jpg'].map((name) => item({ startImage: uri(name) }));
    const { starts } = await readFrom(bucket, given);
    await keepStartImages(starts, bucket);
    // What is there is not fetched again.
    await keepStartImages(starts, { ...bucket, readBytes: async (key) => expect.unreachable(key) });
    const keys = [red, files['in/blue.jpg']].map((bytes) => startImageKey(sha256(bytes)));
    expect(bucket.written.toSorted()).toEqual(keys.toSorted());
    expect((await bucket.readBytes(startImageKey(sha256(red))))?.join()).toBe(red.join());
  });

  it('takes a copy for a start image: a manifest can be sent again', async () => {
    const bucket = makeFakeBucket({ [startImageKey(sha256(red))]: red });
    const startImage = `s3://spot-diffusion/${startImageKey(sha256(red))}`;
    const { starts } = await readFrom(bucket, [item({ startImage })]);
    await keepStartImages(starts, bucket);
    expect(starts.get(startImage)?.image).toBe(startImage);
    expect(bucket.written).toEqual([]);
  });

  it.each([picture('blue'), undefined])('refuses a picture that changed since it was read', async (now) => {
    const bucket = makeFakeBucket(files);
    const { starts } = await readFrom(bucket, [item({ startImage: uri('red.png') })]);
    bucket.delete('in/red.png');
    if (now) await bucket.write('in/red.png', now);
    await expect(keepStartImages(starts, bucket)).rejects.toThrow(
      new InvalidJob(
        `Expected \`startImage\` to stay as it was, \`${uri('red.png')}\` changed meanwhile. Nothing was rendered.`,
      ),
    );
    expect(bucket.keys()).not.toContain(startImageKey(sha256(red)));
  });
});

describe('toStart', () => {
  const starts = new Map([['s3://b/k', { image: 's3://b/c', sha256: 'ff' }]]);

  it('is the part of the recipe', () => {
    expect(toStart(item({ startImage: 's3://b/k', strength: 0.3 }), starts)?.strength).toBe(0.3);
    expect(toStart(item({ startImage: 's3://b/k' }), starts)).toEqual({
      image: 's3://b/c',
      sha256: 'ff',
      strength: 0.6,
    });
  });

  it('is absent without a start image that could be read', () => {
    expect(toStart(item(), starts)).toBeUndefined();
    expect(toStart(item({ startImage: 's3://b/none' }), starts)).toBeUndefined();
  });
});

describe('checkStart', () => {
  const check = (id: string, own: Partial<PromptItem>, job: Partial<PromptItem> = {}, steps = 20) => {
    const model = findModel(id);
    if (!model) throw new Error('Expected a model');
    return checkStart(item({ ...job, ...own }), item(own), { model, steps, at: (field) => field }).map(
      ({ path, message }) => `${path}: ${message}`,
    );
  };
  const startImage = 's3://b/k';

  it.each(['tiny', 'sd-1.4', 'sd-1.5', 'sdxl'])('lets %s start from a picture', (id) => {
    expect(check(id, { startImage })).toEqual([]);
  });

  it.each(['sd-3.5-medium', 'flux-schnell', 'flux-dev'])('does not let %s, and says why', (id) => {
    expect(check(id, {}, { startImage })).toEqual([
      `startImage: Expected \`startImage\` to be absent for the model \`${id}\`: SD and SDXL alone start from a picture`,
    ]);
  });

  it('wants a step at least', () => {
    expect(check('tiny', { startImage, strength: 0.25 }, {}, 4)).toEqual([]);
    expect(check('tiny', { startImage, strength: 0.24 }, {}, 4)).toEqual([
      'strength: Expected `strength` to leave at least one of 4 steps, got `0.24`. To fix: raise it or `steps`',
    ]);
    expect(check('tiny', { startImage }, {}, 1)[0]).toContain('got `0.6`');
  });

  it("wants a start image beside a prompt's own strength, not beside the job's", () => {
    expect(check('tiny', { strength: 0.5 })).toEqual([
      'strength: Expected `strength` to come with `startImage`, got it alone',
    ]);
    expect(check('tiny', {}, { strength: 0.5 })).toEqual([]);
  });
});
