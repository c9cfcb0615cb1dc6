import { mkdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type DiskBucket, openDiskBucket } from '../../../local/bucket/disk-bucket.ts';
import { seedTinyModel } from '../../../local/bucket/seed.ts';
import { aStateDir } from '../harness.ts';

let repoDir: string;
let disk: DiskBucket;
beforeEach(async () => {
  repoDir = await aStateDir();
  disk = await openDiskBucket(path.join(repoDir, 'bucket'));
  await mkdir(path.join(repoDir, 'models', 'tiny', 'unet'), { recursive: true });
  await register('0');
});
afterEach(() => rm(repoDir, { recursive: true }));

const register = (revision: string) => {
  const entry = { revision, pipeline: 'StableDiffusionPipeline', dtype: 'float32' };
  return writeFile(path.join(repoDir, 'models', 'tiny.json'), JSON.stringify(entry));
};
const addWeights = async () => {
  await writeFile(path.join(repoDir, 'models', 'tiny', 'model_index.json'), '{}');
  await writeFile(path.join(repoDir, 'models', 'tiny', 'unet', 'config.json'), '{"a":1}');
};
/** `(sha256sum model_index.json; sha256sum unet/config.json) | sort | sha256sum | cut -c1-12` */
const revision = '9a930d5f6bdb';

describe('the tiny model', () => {
  it('is published with a manifest that names each file', async () => {
    await addWeights();
    await register(revision);
    expect(await seedTinyModel(repoDir, disk)).toBeUndefined();
    const manifest = JSON.parse(String(await disk.read(`models/tiny/${revision}/manifest.json`)));
    expect(manifest).toMatchObject({
      version: 1,
      id: 'tiny',
      revision,
      pipeline: 'StableDiffusionPipeline',
      dtype: 'float32',
    });
    expect(manifest.files).toEqual([
      { path: 'model_index.json', bytes: 2, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { path: 'unet/config.json', bytes: 7, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    expect(String(await disk.read(`models/tiny/${revision}/unet/config.json`))).toBe('{"a":1}');
  });

  it('is said to be missing, or registered under another revision', async () => {
    expect(await seedTinyModel(repoDir, disk)).toContain('Expected weights in `models/tiny`, found none');
    await addWeights();
    expect(await seedTinyModel(repoDir, disk)).toBe(
      `Expected \`models/tiny.json\` to name the revision \`${revision}\` of its weights, got \`0\`.`,
    );
  });
});
