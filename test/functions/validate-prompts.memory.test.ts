import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';

/** Validate prompts in a process of its own; the bucket makes the file while it is read, and keeps nothing. */
const script = (state: string, peakMemory: string) => `
  import { makeValidatePrompts } from ${JSON.stringify(state)};
  import { readPeakMiB } from ${JSON.stringify(peakMemory)};
  const words = 'a red castle over a misty river at golden hour painted in oil by nobody with great care and much detail';
  async function* chunks() {
    for (let first = 0; first < 100_000; first += 300) {
      const lines = Array.from({ length: Math.min(300, 100_000 - first) }, (_, index) => first + index);
      yield lines.map((line) => JSON.stringify({ prompt: (line + ' ' + words + ' ' + words).slice(0, 200) }) + '\\n').join('');
    }
  }
  let written = 0;
  const bucket = {
    name: 'b',
    read: async () => undefined,
    readChunks: async () => chunks(),
    write: async (_, body) => { written += body.length; },
  };
  const validate = makeValidatePrompts({ bucket, claims: {}, defaultModel: 'sd-1.5' });
  const input = { promptsFile: 's3://b/night.jsonl' };
  const { images } = await validate({ jobId: 'night', startedAt: '2026-11-30T00:00:00Z', input });
  console.log(JSON.stringify({ images, written, mebibytes: readPeakMiB() }));`;

it('validates 100,000 prompts of 200 characters in less than 512 MB', { timeout: 120_000 }, async () => {
  const toUrl = (file: string) => new URL(`../../${file}`, import.meta.url).href;
  const program = script(toUrl('functions/validate-prompts.ts'), toUrl('bench/peak-memory.ts'));
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', program]);
  const { images, written, mebibytes } = JSON.parse(stdout);
  expect(images).toBe(100_000);
  expect(written).toBeGreaterThan(40_000_000);
  expect(mebibytes).toBeLessThan(512);
});
