import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, makePlace, run } from '../command.ts';

describe('npm start -- watch', () => {
  let place: Awaited<ReturnType<typeof makePlace>>;
  beforeAll(async () => {
    place = await makePlace();
  });
  afterAll(() => place.clean());

  it('shows a job that another terminal started, to its end', { timeout: 300_000 }, async () => {
    const other = command(['--count', '24', '--json', ...place.flags, 'a small red star on a white background']);
    await other.says(/[1-9]\d*\/24 images/);
    const [jobId = ''] = readdirSync(join(place.folder, 'state', 'bucket', 'jobs'));
    const { code, stdout, stderr } = await run(['watch', jobId, '--json', ...place.flags.slice(0, 2)]);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('> Plan job\n');
    expect(stderr).toMatch(/shard 0 {2}\S+ \d+\/24, /);
    expect(stderr).toContain(`Job ${jobId}: 24 of 24 images, $`);
    expect(JSON.parse(stdout)).toMatchObject({ jobId, status: 'SUCCEEDED', receipt: { delivered: 24 } });
    expect((await other.ended).code).toBe(0);
  });

  it('says that nobody knows the job', async () => {
    const { code, stderr } = await run(['watch', 'nobody', ...place.flags.slice(0, 2)]);
    expect(code).toBe(1);
    expect(stderr).toContain('Expected the name of an execution, found none of `nobody`.');
  });
});
