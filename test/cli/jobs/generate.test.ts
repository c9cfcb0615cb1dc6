import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planView } from '../../../cli/follow/moments.ts';
import { makePlace, root, run, toResult } from '../command.ts';

/** Mean red, green and blue of the 8 x 8 pixels from a point. */
async function colorAt(file: string, left: number, top: number): Promise<readonly number[]> {
  const part = sharp(file).removeAlpha().extract({ left, top, width: 8, height: 8 });
  const { channels } = await sharp(await part.png().toBuffer()).stats(); // stats() reads the input, not the pipeline
  return channels.map((channel) => channel.mean);
}

describe('npm start, with the real worker', () => {
  let place: Awaited<ReturnType<typeof makePlace>>;
  beforeAll(async () => {
    place = await makePlace();
  });
  afterAll(() => place.clean());

  it('renders what the prompt says, and prints one JSON object on stdout', { timeout: 240_000 }, async () => {
    const ended = await run(['--json', ...place.flags, 'a red circle on a blue background']);
    expect(ended.code, ended.stderr).toBe(0);
    const result = toResult(ended);
    expect(result).toMatchObject({
      status: 'SUCCEEDED',
      attempts: [{ outcome: 'Succeeded' }],
      outDir: join(place.folder, 'out'),
    });
    const [image] = result.images;
    expect(image).toMatchObject({ prompt: 'a red circle on a blue background', seed: 0, width: 64, height: 64 });
    const file = image?.file ?? '';
    const [red = 0, , blueInside = 0] = await colorAt(file, 28, 28);
    const [redOutside = 0, , blue = 0] = await colorAt(file, 1, 1);
    expect(red).toBeGreaterThan(blueInside + 80);
    expect(blue).toBeGreaterThan(redOutside + 80);
    for (const name of ['report.html', 'receipt.json', 'manifest.jsonl', 'contact-sheet.webp']) {
      expect(existsSync(join(place.folder, 'out', name)), name).toBe(true);
    }
    expect(ended.stderr).toContain('cheapest image');
    expect(ended.stderr).toContain('On AWS this job would have cost');
  });

  it('renders nothing twice: the same prompt again costs nothing', { timeout: 60_000 }, async () => {
    const ended = await run(['--json', ...place.flags, 'a red circle on a blue background']);
    expect(ended.code, ended.stderr).toBe(0);
    const result = toResult(ended);
    expect(result.attempts).toEqual([]);
    expect(result.receipt).toMatchObject({ reused: 1, usd: 0 });
    expect(ended.stderr).toContain('1 of 1 image was there already: $0.');
    expect(result.images.map(({ reused }) => reused)).toEqual([true]);
  });

  it('says the plan and its cost without rendering', { timeout: 60_000 }, async () => {
    const ended = await run([
      'plan',
      '--json',
      ...place.flags.slice(0, 2),
      '--model',
      'sdxl',
      '--count',
      '100',
      'a __colour__ castle',
    ]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toMatch(/1 +use1-az\d\/g\S+\/spot/);
    expect(ended.stderr).toContain('on demand; ready in');
    expect(ended.stderr).not.toContain('Run GPU job');
    const plan = planView.parse(toResult(ended).plan);
    expect(plan.shards.reduce((sum, shard) => sum + shard.images, 0)).toBe(100);
  });

  it('goes on from what is there: a larger job renders the rest alone', { timeout: 120_000 }, async () => {
    const ended = await run(['--json', ...place.flags, '--count', '2', 'a red circle on a blue background']);
    expect(ended.code, ended.stderr).toBe(0);
    const result = toResult(ended);
    expect(result.receipt).toMatchObject({ images: 2, delivered: 2, reused: 1 });
    expect(result.images.map(({ seed, reused }) => [seed, reused])).toEqual([
      [0, true],
      [1, false],
    ]);
  });

  it('reads back the manifest that it wrote', { timeout: 60_000 }, async () => {
    const manifest = join(place.folder, 'out', 'manifest.jsonl');
    const before = readFileSync(manifest, 'utf8').trim().split('\n').length;
    const ended = await run(['--json', ...place.flags, '--prompts-file', manifest]);
    expect(ended.code, ended.stderr).toBe(0);
    expect(toResult(ended).receipt).toMatchObject({ images: before, reused: before });
  });
});

describe('the samples', () => {
  it('are a prompts file of a few prompts', () => {
    const lines = readFileSync(join(root, 'examples', 'prompts.txt'), 'utf8').split('\n');
    expect(lines.filter((line) => line && !line.startsWith('#')).length).toBeGreaterThanOrEqual(3);
  });
});
