import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Command, command, makePlace, root } from '../command.ts';

describe('npm start -- serve', () => {
  let place: Awaited<ReturnType<typeof makePlace>>;
  let served: Command;
  let endpoint = '';
  beforeAll(async () => {
    place = await makePlace();
    served = command(['serve', '--port', '0', ...place.flags.slice(0, 2)]);
    const said = await served.says('Ctrl-C ends it');
    endpoint = /http:\/\/127\.0\.0\.1:\d+/.exec(said)?.[0] ?? '';
  });
  afterAll(async () => {
    served.child.kill('SIGTERM');
    await served.ended;
    await place.clean();
  });

  it('serves a stranger with boto3: start, describe, list, history, stop, and the pictures', {
    timeout: 240_000,
  }, async () => {
    const python = join(root, '.venv', 'bin', 'python');
    const arn = 'arn:aws:states:us-east-1:123456789012:stateMachine:spot-diffusion';
    const { stdout } = await promisify(execFile)(python, [join(import.meta.dirname, 'stranger.py'), endpoint, arn]);
    const seen = JSON.parse(stdout);
    expect(seen).toMatchObject({ status: 'SUCCEEDED', aborted: 'ABORTED', isPng: true });
    expect(seen.output).toMatchObject({ status: 'delivered', delivered: 1 });
    expect(seen.names.sort()).toEqual(['stranger-1', 'stranger-2']);
    expect(seen.entered.at(0)).toBe('Validate prompts');
    expect(seen.entered.at(-1)).toBe('Job delivered');
  });

  it('ends without a trace at SIGTERM', async () => {
    served.child.kill('SIGTERM');
    expect((await served.ended).code).toBe(0);
    await expect(fetch(endpoint)).rejects.toThrow();
  });
});
