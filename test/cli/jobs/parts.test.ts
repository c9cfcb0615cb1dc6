import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlace, run, toResult } from '../command.ts';

/** Three images where an execution takes two. */
describe('a job in parts on the command line', () => {
  const env = { LOCAL_IMAGES_PER_EXECUTION: '2' };
  let place: Awaited<ReturnType<typeof makePlace>>;
  let state: readonly string[];
  beforeAll(async () => {
    place = await makePlace();
    state = place.flags.slice(0, 2);
  });
  afterAll(() => place.clean());

  it('says its plan, renders part after part, and brings each with a page that links them', {
    timeout: 180_000,
  }, async () => {
    const ended = await run(['--json', ...place.flags, '--count', '3', 'a red circle'], { env });
    expect(ended.code, ended.stderr).toBe(0);
    expect(ended.stderr).toContain('3 images in 2 parts, one after another.');
    expect(ended.stderr).toMatch(/> Run part 1\n[\s\S]*> Run part 2\n/);
    const { jobId, images, receipt } = toResult(ended);
    expect(receipt).toMatchObject({
      images: 3,
      delivered: 3,
      parts: [{ status: 'delivered' }, { status: 'delivered' }],
    });
    expect(images.map(({ seed }) => seed)).toEqual([0, 1, 2]);
    for (const { file } of images) expect(existsSync(file)).toBe(true);
    for (const part of ['p001', 'p002']) {
      expect(existsSync(join(place.folder, 'out', `${jobId}-${part}`, 'report.html'))).toBe(true);
    }
    const costs = JSON.parse((await run(['costs', '--json', ...state])).stdout);
    expect(costs.jobs.map((job: { jobId: string }) => job.jobId)).toEqual([jobId]);
    const resumed = await run(['resume', `${jobId}-p001`, ...state]);
    expect([resumed.code, resumed.stderr]).toEqual([
      1,
      expect.stringContaining(`npm start -- resume ${jobId} ${state.join(' ')}\``),
    ]);
  });
});
