import type { Answer } from '../../functions/core/gap.ts';
import type { Holder } from '../target/holders.ts';
import { size } from '../words/amounts.ts';
import { type Finding, judgeAnswer } from './finding.ts';

/** What a local run is made of, by the name of its Python package: the engine, and what draws. */
export const pythonPackages = ['moto', 'torch', 'diffusers'] as const;

/** Versions of those that are there. */
export type PythonFact = Readonly<Record<string, string>>;

const npmTest = '`npm start` sets it up by itself; delete `.venv` where it does not';

export function judgePython(answer: Answer<PythonFact>): readonly Finding[] {
  if (answer.problem !== undefined) {
    return [{ name: 'python', state: 'problem', says: `does not run: ${answer.problem}`, fix: npmTest }];
  }
  const missing = pythonPackages.filter((name) => !answer.value[name]);
  if (missing.length) return [{ name: 'python', state: 'problem', says: `lacks ${missing.join(', ')}`, fix: npmTest }];
  const versions = Object.entries(answer.value).map(([name, version]) => `${name} ${version}`);
  return [{ name: 'python', state: 'ok', says: versions.join(', ') }];
}

export interface DiskFact {
  readonly folder: string;
  readonly freeBytes: number;
}

const gib = 2 ** 30;
/** Pictures of a first job, the worker's logs, moto's memory on disk. */
const leastGib = 0.5;
/** The weights of one model, and their copy in the worker's cache. */
const roomyGib = 10;

export function judgeDisk(answer: Answer<DiskFact>): readonly Finding[] {
  return judgeAnswer('disk', answer, ({ folder, freeBytes }): readonly Finding[] => {
    const says = `${size(freeBytes)} free for ${folder}`;
    if (freeBytes < leastGib * gib) {
      return [{ name: 'disk', state: 'problem', says, fix: 'make room, or set `--state` to a folder elsewhere' }];
    }
    if (freeBytes < roomyGib * gib) {
      const fix = 'make room before you import a model: its weights lie there twice';
      return [{ name: 'disk', state: 'warning', says, fix }];
    }
    return [{ name: 'disk', state: 'ok', says }];
  });
}

/** Nothing has to be served: commands that need a workflow start one. */
export function judgeServe(holders: readonly Holder[]): readonly Finding[] {
  const served = holders.find(({ command }) => command === 'serve');
  const says = served
    ? `answers on ${served.endpoint} (process ${served.pid})`
    : 'nothing is served: commands start a workflow of their own (`npm start -- serve` keeps one up)';
  return [{ name: 'serve', state: 'ok', says }];
}
