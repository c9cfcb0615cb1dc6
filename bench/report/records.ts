import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StormFigures } from '../drills/verify.ts';
import type { IdleCost } from '../idle-cost/compute.ts';
import type { ImageSize } from '../image-size.ts';
import type { LearnBench } from '../learn.ts';
import type { LocalFigures } from '../local.ts';
import type { MutationFigures } from '../mutation.ts';
import type { PickBench } from '../pick.ts';
import type { PickSpeedFigures } from '../pick-speed.ts';
import type { ReplayBench } from '../replay.ts';
import { root } from '../run-command.ts';
import type { ScalePlan } from '../scale/plan.ts';
import type { ScaleFigures } from '../scale.ts';
import type { ThumbnailFigures } from '../thumbnails.ts';
import type { TinyFigures } from '../tiny.ts';
import type { WorkerFigures } from '../worker.ts';
import type { Machine } from './machine.ts';

/** A storm whose JSON was not kept does not say where workers were struck. */
export type StormShown = Omit<StormFigures, 'struckIn'> & Partial<Pick<StormFigures, 'struckIn'>>;

/** What the bench of each measurement says. */
export interface Figures {
  readonly local: LocalFigures;
  readonly tiny: TinyFigures;
  readonly 'image-size': ImageSize;
  readonly 'idle-cost': IdleCost;
  readonly pick: PickBench;
  readonly 'replay-6h': ReplayBench;
  readonly 'replay-48h': ReplayBench;
  readonly learn: LearnBench;
  readonly 'learn-20000': LearnBench;
  readonly 'pick-speed': PickSpeedFigures;
  readonly mutation: MutationFigures;
  readonly 'worker-4': WorkerFigures;
  readonly 'worker-16': WorkerFigures;
  readonly 'worker-sd-1.5': WorkerFigures;
  readonly 'worker-sdxl': WorkerFigures;
  readonly 'worker-flux-schnell': WorkerFigures;
  readonly drills: StormFigures;
  readonly 'drills-2': StormShown;
  readonly thumbnails: ThumbnailFigures;
  readonly scale: ScaleFigures;
  readonly 'scale-large': ScaleFigures;
  readonly 'scale-plan': ScalePlan;
}

/** One measurement, as `docs/figures/<name>.json` keeps it. */
export interface FigureRecord<Of> {
  readonly command: string;
  /** The day, and the minute at which it began where that was kept. */
  readonly at: string;
  /** From the start of the command to its end. */
  readonly seconds?: number;
  /** Processes that wanted a core before it began, on the mean of a minute: what else the machine did. */
  readonly load?: number;
  readonly machine: Machine;
  /** Where they are out of the bench's own bounds. */
  readonly exitCode?: number;
  /** Where the figures come from, if not from the command's own JSON. */
  readonly note?: string;
  readonly figures: Of;
}

export type Records = { readonly [Name in keyof Figures]?: FigureRecord<Figures[Name]> };

const folder = join(root, 'docs', 'figures');

export const toDay = ({ at }: Pick<FigureRecord<unknown>, 'at'>) => at.slice(0, 10);

export function readRecords(): Records {
  const files = readdirSync(folder).filter((file) => file.endsWith('.json'));
  return Object.fromEntries(
    files.map((file) => [file.slice(0, -'.json'.length), JSON.parse(readFileSync(join(folder, file), 'utf8'))]),
  );
}

export function writeRecord(name: keyof Figures, record: FigureRecord<unknown>): void {
  writeFileSync(join(folder, `${name}.json`), `${JSON.stringify(record, null, 2)}\n`);
}

export function need<Name extends keyof Figures>(records: Records, name: Name): FigureRecord<Figures[Name]> {
  const record = records[name];
  if (record) return record;
  throw new Error(`Expected \`docs/figures/${name}.json\`. To fix: \`npm run bench -- all --only ${name}\`.`);
}
