import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { isLinux } from '../linux.ts';

const peakMemory = new URL('../../bench/peak-memory.ts', import.meta.url).href;
const script = `
  import { readPeakMiB } from ${JSON.stringify(peakMemory)};
  const before = readPeakMiB();
  Buffer.alloc(100 * 2 ** 20, 1);
  console.log(JSON.stringify([before, readPeakMiB()]));`;

it.runIf(isLinux)('tells what a process took at most, and not what the one took that started it', async () => {
  const mebibytes = 300;
  const held = Buffer.alloc(mebibytes * 2 ** 20, 1);
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script]);
  expect(held.at(-1)).toBe(1);
  const [before, after]: readonly [number, number] = JSON.parse(stdout);
  expect(before).toBeLessThan(mebibytes);
  expect(after - before).toBeGreaterThan(90);
});
