import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { imageKey, thumbnailKey } from '../../functions/core/storage/keys.ts';
import { readPage } from '../fakes/page.ts';
import { invoke } from '../privilege/invoke.ts';
import { type Machine, openMachine } from './harness.ts';

/** Stands for the Function URL: nobody listens there, a browser's requests are handed to the function. */
const GALLERY_URL = 'https://door.example/';

describe('the gallery door of a job that was executed', () => {
  let machine: Machine;
  beforeAll(async () => {
    machine = await openMachine([], { environment: { GALLERY_URL } });
  });
  afterAll(async () => {
    await machine.close();
  });

  const open = async (url: string) => {
    const { statusCode, headers, body } = await invoke(machine.local.endpoint, 'gallery-door', {
      rawPath: new URL(url).pathname,
      requestContext: { http: { method: 'GET' } },
    });
    return { statusCode, location: String(Reflect.get(Object(headers), 'location')), body: String(body) };
  };

  it('shows the report of its message, with every picture, and nothing of another job', async () => {
    const { jobId, description } = await machine.run({ prompts: ['a red star', 'a blue ring'] });
    const { report } = JSON.parse(description.output ?? '');
    expect(report).toMatch(new RegExp(`^${GALLERY_URL}[\\w-]{43}/jobs/${jobId}/report\\.html$`));
    const page = await open(report);
    expect(page.statusCode).toBe(200);
    expect(readPage(page.body)).toMatchObject({ jobId, layout: 'bucket', attempts: [{ outcome: 'Succeeded' }] });
    const hashes = (await machine.manifest(jobId)).map(({ hash }) => hash);
    expect(hashes).toHaveLength(2);
    for (const path of hashes.flatMap((hash) => [imageKey(hash), thumbnailKey(hash, 256), thumbnailKey(hash, 512)])) {
      const { statusCode, location } = await open(new URL(`../../${path}`, report).href);
      expect(statusCode).toBe(302);
      const answer = await fetch(location);
      const type = path.endsWith('.png') ? 'image/png' : 'image/webp';
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, type]);
    }
    const other = await machine.run({ prompt: 'a green cross' });
    expect((await open(new URL(`../${other.jobId}/report.html`, report).href)).statusCode).toBe(404);
  });
});
