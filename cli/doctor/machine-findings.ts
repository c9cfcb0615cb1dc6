import type { Answer } from '../../functions/core/market/gap.ts';
import { howToGetPython, wantedPython } from '../setup/find-python.mjs';
import type { Holder } from '../target/holders.ts';
import { size } from '../words/amounts.ts';
import { type Finding, judgeAnswer } from './finding.ts';

/** What a local run is made of, by the name of its Python package: the engine, and what draws. */
export const pythonPackages = ['moto', 'torch', 'diffusers'] as const;

export type PythonFact =
  /** By what the set-up would make the environment; undefined: by none that is there. */
  | { readonly isSetUp: false; readonly base?: string }
  /** Versions of those packages that are there. */
  | { readonly isSetUp: true; readonly versions: Readonly<Record<string, string>> };

const anew = 'delete `.venv`: the next job on this machine sets it up anew';

/** Not to be set up yet is none: the first job on this machine does it. */
export function judgePython(answer: Answer<PythonFact>): Finding {
  const problem = (says: string, fix: string): Finding => ({ name: 'python', state: 'problem', says, fix });
  if (answer.problem !== undefined) return problem(`does not run: ${answer.problem}`, anew);
  const fact = answer.value;
  if (!fact.isSetUp) {
    if (fact.base === undefined) return problem(`expected ${wantedPython}, found none`, howToGetPython);
    const says = `not set up yet: the first job on this machine does it, with ${fact.base}`;
    return { name: 'python', state: 'warning', says };
  }
  const missing = pythonPackages.filter((name) => !fact.versions[name]);
  if (missing.length) return problem(`lacks ${missing.join(', ')}`, anew);
  const versions = Object.entries(fact.versions).map(([name, version]) => `${name} ${version}`);
  return { name: 'python', state: 'ok', says: versions.join(', ') };
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
