import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drawPhotograph } from '../../bench/thumbnails/photograph.ts';
import { psnr } from '../../bench/thumbnails/psnr.ts';
import { benchThumbnails, runSide } from '../../bench/thumbnails.ts';

describe('thumbnails, measured', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-test-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('draws the same picture for the same seed, and one that is no flat colour', async () => {
    const [one, same, other] = await Promise.all([1, 1, 2].map((seed) => drawPhotograph(128, seed)));
    expect(one?.equals(same ?? Buffer.alloc(0))).toBe(true);
    expect(one?.equals(other ?? Buffer.alloc(0))).toBe(false);
    // A flat picture of this size packs into some hundred bytes.
    expect(one?.length).toBeGreaterThan(128 * 128);
  });

  it('measures each side in a process of its own: time, memory, bytes, quality', async () => {
    const file = join(folder, 'one.png');
    await writeFile(file, await drawPhotograph(256, 3));
    const request = { files: [file], images: 2, atOnce: 2 };
    const [ours, naive] = [await runSide({ ...request, side: 'ours' }), await runSide({ ...request, side: 'naive' })];
    for (const figures of [ours, naive]) {
      expect(figures.cpuSeconds).toBeGreaterThan(0);
      expect(figures.peakMemoryMiB).toBeGreaterThan(20);
      expect(figures.peakMemoryMiB).toBeLessThan(1769);
    }
    for (const [index, decibels] of ours.psnr.entries()) {
      expect(Math.abs(decibels - (naive.psnr[index] ?? 0))).toBeLessThan(0.5);
    }
  });

  it('knows noise by its decibels', () => {
    const flat = new Uint8Array(300).fill(100);
    expect(psnr(flat, flat)).toBe(Number.POSITIVE_INFINITY);
    expect(
      psnr(
        flat,
        flat.map((value) => value + 1),
      ),
    ).toBeCloseTo(48.13, 2);
    expect(() => psnr(flat, new Uint8Array(3))).toThrow('one size');
  });

  it('refuses a flag that is no number', async () => {
    await expect(benchThumbnails(['--images', 'many'])).rejects.toThrow('`--images`');
  });
});
