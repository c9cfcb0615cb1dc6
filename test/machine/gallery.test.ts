import { afterAll, beforeAll, describe, expect, it } from 'vitest';
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
    const pictures = [...page.body.matchAll(/src="([^"]+)"/g)].map(([, path]) => new URL(path ?? '', report).href);
    expect(pictures).toHaveLength(2);
    for (const picture of pictures) {
      const { statusCode, location } = await open(picture);
      expect(statusCode).toBe(302);
      const answer = await fetch(location);
      expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'image/png']);
    }
    const other = await machine.run({ prompt: 'a green cross' });
    expect((await open(new URL(`../${other.jobId}/report.html`, report).href)).statusCode).toBe(404);
  });
});
