import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { startEngine } from '../../local/engine.ts';
import { aStateDir, fixtures } from './harness.ts';

const repoDir = path.resolve(import.meta.dirname, '../..');
const python = path.join(repoDir, '.venv', 'bin', 'python');
const engineDir = path.join(repoDir, 'local', 'engine');

async function run(...args: string[]): Promise<string> {
  const env = { PATH: process.env.PATH ?? '', NODE: process.execPath, NO_PROXY: '127.0.0.1,localhost' };
  const cached = { ...env, PYTHONPYCACHEPREFIX: path.join(repoDir, '.cache', 'python') };
  return (await promisify(execFile)(python, args, { env: cached, timeout: 25_000 })).stdout.trim();
}

/** Each of these fails when moto has learned what our glue teaches it: then the glue goes. */
describe('moto still lacks', () => {
  it('a JSONata evaluator', async () => {
    const program = 'from moto.stepfunctions.parser.asl.jsonata import jsonata; print(jsonata._eval_jsonata)';
    expect(await run('-c', program)).toBe('None');
  });

  it('Batch arguments in PascalCase', { timeout: 30_000 }, async () => {
    const { sent } = JSON.parse(await run(path.join(fixtures, 'stock_batch.py'), engineDir));
    expect(sent.join()).not.toContain('jobName');
  });

  it('respect for an execution that was stopped: a later error overwrites its end', async () => {
    const program = [
      'import inspect',
      'from moto.stepfunctions.parser.asl.eval.environment import Environment',
      "print('Stopped' in inspect.getsource(Environment.set_error))",
    ];
    expect(await run('-c', program.join('; '))).toBe('False');
  });
});

describe('the evaluators', () => {
  it('agree on what AWS adds to JSONata', async () => {
    const cases: readonly [string, unknown][] = [
      ['$parse(\'{"a":[1,2]}\').a[1]', 2],
      ['$partition([1,2,3,4,5], 2)', [[1, 2], [3, 4], [5]]],
      ['$range(0, 10, 5)', [0, 5, 10]],
      ['$range(3, 1, -1)', [3, 2, 1]],
      ["$hash('a fox', 'SHA-256')", '5ebbe2a2650a5e157c4f8e6720167485236ce883498722718171efe14efab41c'],
      ['$random(7) < 1', true],
      ['$uuid() = $uuid()', false],
      ['$parse(nothing)', null],
    ];
    const answers = JSON.parse(
      await run(path.join(fixtures, 'evaluate.py'), engineDir, JSON.stringify(cases.map(([text]) => text))),
    );
    for (const [index, [text, expected]] of cases.entries()) {
      expect(answers[index].python, text).toEqual(answers[index].node);
      expect(answers[index].node, text).toEqual(expected);
    }
  });
});

describe('the engine', () => {
  const folders: string[] = [];
  const aLogDir = async () => {
    const folder = await aStateDir();
    folders.push(folder);
    return folder;
  };
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  it('says where to read when it does not start', async () => {
    const logDir = await aLogDir();
    const options = { python: '/bin/false', cacheDir: logDir, logDir, routerPort: 1 };
    await expect(startEngine(options)).rejects.toThrow(
      `Expected moto to start, it ended at once. To fix: read \`${logDir}/engine.log\`.`,
    );
  });

  it('says what is missing when there is no Python', async () => {
    const logDir = await aLogDir();
    const options = { python: '/no/python', cacheDir: logDir, logDir, routerPort: 1 };
    await expect(startEngine(options)).rejects.toThrow('`/no/python`');
  });
});
