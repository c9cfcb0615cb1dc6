import { afterEach, describe, expect, it, vi } from 'vitest';
import { type LoggedOptions, logged } from '../../functions/logged.ts';

afterEach(() => vi.restoreAllMocks());

/** What one invocation prints, as the log reads it. */
async function linesOf(event: unknown, options?: LoggedOptions<string>): Promise<readonly Record<string, unknown>[]> {
  const print = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  const info = vi.spyOn(console, 'info').mockReturnValue(undefined);
  await logged('Plan job', async () => 'result', options)(event);
  return [...print.mock.calls, ...info.mock.calls].map(([line]) => JSON.parse(String(line)));
}

describe('logged', () => {
  it('gives the result of the state', async () => {
    vi.spyOn(console, 'info').mockReturnValue(undefined);
    vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    expect(await logged('Plan job', async (event) => [event])({ a: 1 })).toEqual([{ a: 1 }]);
  });

  it('hands on a failure as it is: Lambda logs it', async () => {
    const error = new TypeError('x');
    await expect(logged('Plan job', () => Promise.reject(error))({})).rejects.toBe(error);
  });

  it('gives the trouble of a service the name that the state machine tries again', async () => {
    const error = Object.assign(new Error('busy'), { name: 'SlowDown', $metadata: { httpStatusCode: 503 } });
    const failing = logged('Plan job', () => Promise.reject(error));
    await expect(failing({})).rejects.toMatchObject({ name: 'ServiceUnavailable', cause: error });
  });
});

describe('the line of an invocation', () => {
  it.each([
    [
      { jobId: 'j', shard: 0, attempt: 2, prompt: 'secret' },
      { jobId: 'j', shard: 0, attempt: 2 },
    ],
    [
      { job: { jobId: 'k', prompt: 'secret' }, shard: 3 },
      { jobId: 'k', shard: 3 },
    ],
    [null, {}],
    ['secret', {}],
  ])('finds %j again and holds nothing private', async (event, fields) => {
    const lines = await linesOf(event);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ message: 'done', state: 'Plan job', ...fields });
    expect(lines[0]).toHaveProperty('milliseconds');
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('holds what the function chose of its result, and nothing else of it', async () => {
    const [line] = await linesOf({}, { summarize: (result) => ({ letters: result.length }) });
    expect(line).toMatchObject({ message: 'done', letters: 6 });
    expect(JSON.stringify(line)).not.toContain('"result"');
  });
});
