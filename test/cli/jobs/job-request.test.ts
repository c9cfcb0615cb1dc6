import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { toJobInput } from '../../../cli/jobs/job-request.ts';
import { makeFakeBucket } from '../../fakes/bucket.ts';

let lists = '';
beforeAll(async () => {
  lists = await mkdtemp(join(tmpdir(), 'spot-diffusion-lists-'));
  for (const name of ['colour', 'shade']) await writeFile(join(lists, `${name}.txt`), `${name} of a person\n`);
});
afterAll(() => rm(lists, { recursive: true, force: true }));

const wildcardsIn = (bucket: ReturnType<typeof makeFakeBucket>) =>
  bucket.written.filter((key) => key.startsWith('wildcards/'));

describe('the lists for `__name__` of a command line', () => {
  it('are the samples that a prompt names, where the bucket has none: its own stay', async () => {
    const bucket = makeFakeBucket({ 'wildcards/colour.txt': 'mine\n' });
    await toJobInput({}, ['a __colour__ star'], bucket);
    expect(await bucket.read('wildcards/colour.txt')).toBe('mine\n');
    expect(wildcardsIn(bucket)).toEqual([]);
    await toJobInput({}, ['a __shape__'], bucket);
    expect(wildcardsIn(bucket)).toEqual(['wildcards/shape.txt']);
  });

  it('take the place of those in the bucket where a folder was named', async () => {
    const bucket = makeFakeBucket({ 'wildcards/colour.txt': 'mine\n' });
    await toJobInput({ wildcards: lists }, ['a __colour__ star'], bucket);
    expect(await bucket.read('wildcards/colour.txt')).toBe('colour of a person\n');
    expect(wildcardsIn(bucket)).toEqual(['wildcards/colour.txt']);
  });

  it('are all of that folder for a prompts file in the bucket, which nobody reads here', async () => {
    const promptsFile = 's3://pictures/prompts/night.txt';
    const bucket = makeFakeBucket();
    expect(await toJobInput({ promptsFile, wildcards: lists }, [], bucket)).toEqual({ promptsFile });
    expect(wildcardsIn(bucket)).toEqual(['wildcards/colour.txt', 'wildcards/shade.txt']);
    const untold = makeFakeBucket();
    await toJobInput({ promptsFile }, [], untold);
    expect(untold.written).toEqual([]);
  });
});
