import { exec } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makePlace, root, run, toResult } from '../command.ts';

describe('bad input on the command line', () => {
  let place: Awaited<ReturnType<typeof makePlace>>;
  beforeAll(async () => {
    place = await makePlace();
  });
  afterAll(() => place.clean());

  it('reports all problems of a job at once, renders nothing, ends with 1', async () => {
    const file = join(place.folder, 'broken.jsonl');
    writeFileSync(file, '{"prompt":"a star"}\n{"prompt":"a ring","steps":0}\n{"prompt":\n');
    const ended = await run(['--json', ...place.flags, '--prompts-file', file, '--width', '65', '--model', 'sd-9']);
    expect(ended.code).toBe(1);
    const { status, error, images } = toResult(ended);
    expect({ status, images }).toEqual({ status: 'FAILED', images: [] });
    expect(error?.name).toBe('InvalidJob');
    for (const part of ['line 3', 'line 2', '`width`', 'Nothing was rendered']) expect(error?.cause).toContain(part);
    expect(ended.stderr).toContain('To fix:');
    expect(ended.stderr).not.toContain('    at ');
    expect(readdirSync(join(place.folder, 'state', 'bucket'))).not.toContain('images');
  });

  it.each([
    ['an empty prompt', [''], 'InvalidPrompt', '`prompt`'],
    ['steps of 0', ['x', '--steps', '0'], 'InvalidPrompt', '`steps`'],
    ['an unknown model', ['x', '--model', 'sd-9'], 'InvalidPrompt', '`model`'],
    ['a prompts file that is not there', ['--prompts-file', '/nowhere/p.txt'], 'InvalidJob', '/nowhere/p.txt'],
  ])('calls %s by its name', async (_, args, name, named) => {
    const ended = await run([...place.flags, ...args]);
    expect(ended.code).toBe(1);
    expect(ended.stdout + ended.stderr).toContain(`${name}: `);
    expect(ended.stdout + ended.stderr).toContain(named);
  });

  it('ends with 2 and one line for a flag that it does not know', async () => {
    const ended = await run(['--stepz', '4', 'x']);
    expect(ended.code).toBe(2);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toContain('--stepz');
    expect((await run(['resume'])).stderr).toMatch(/argument 'job'\. `npm start -- resume --help` shows how\.\n$/);
  });

  it('says nothing where its reader has enough', async () => {
    const { stdout, stderr } = await promisify(exec)(`"${process.execPath}" cli/main.ts help | head -n 1`, {
      cwd: root,
    });
    expect([stdout, stderr]).toEqual(['Usage: npm start -- [command] [arguments] [flags]\n', '']);
  });

  it.each([['x'], ['prices']])(
    'says in one line that `--out` is a file, before anything is rendered: %s',
    async (word) => {
      const file = join(place.folder, 'letter.txt');
      writeFileSync(file, 'dear');
      const state = word === 'prices' ? [] : place.flags.slice(0, 2);
      const ended = await run([word, ...state, '--out', file]);
      expect([ended.code, ended.stderr]).toEqual([1, `EEXIST: file already exists, mkdir '${file}'\n`]);
      expect(existsSync(join(place.folder, 'state', 'bucket', 'images'))).toBe(false);
    },
  );

  it('says in one line that a port is in use', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const ended = await run([...place.flags, '--port', String(port), 'x']);
    server.close();
    expect(ended.code).toBe(1);
    expect(ended.stderr.trim().split('\n')).toHaveLength(1);
    expect(ended.stderr).toContain(`\`${port}\``);
  });
});
