import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { replaceBlock } from '../../statemachine/generate/document.ts';
import { root } from '../run-command.ts';
import { type Records, readRecords } from './records.ts';
import { renderDrills } from './sections/drills.ts';
import { renderGpus } from './sections/gpus.ts';
import { renderIdleCost } from './sections/idle-cost.ts';
import { renderImageSize } from './sections/image-size.ts';
import { renderLearn } from './sections/learn.ts';
import { renderLocal } from './sections/local.ts';
import { renderMachines } from './sections/machines.ts';
import { renderMutation } from './sections/mutation.ts';
import { renderPick } from './sections/pick.ts';
import { renderPickSpeed } from './sections/pick-speed.ts';
import { renderReplay } from './sections/replay.ts';
import { renderFair, renderParts, renderScale } from './sections/scale.ts';
import { renderThumbnails } from './sections/thumbnails.ts';
import { renderTiny } from './sections/tiny.ts';
import { renderWorker } from './sections/worker.ts';

const file = join(root, 'docs', 'performance.md');

const blocks: Readonly<Record<string, (records: Records) => string>> = {
  machines: renderMachines,
  local: renderLocal,
  tiny: renderTiny,
  'image-size': renderImageSize,
  'idle-cost': renderIdleCost,
  pick: renderPick,
  'replay-6h': (records) => renderReplay(records, 'replay-6h'),
  'replay-48h': (records) => renderReplay(records, 'replay-48h'),
  learn: renderLearn,
  'pick-speed': renderPickSpeed,
  mutation: renderMutation,
  worker: renderWorker,
  drills: renderDrills,
  thumbnails: renderThumbnails,
  scale: renderScale,
  parts: renderParts,
  fair: renderFair,
  gpus: renderGpus,
};

/** The document with every block between its markers as the records say; what stands around them is written by hand. */
export const renderDocument = (text: string, records: Records): string =>
  Object.entries(blocks).reduce((whole, [name, render]) => replaceBlock(whole, name, render(records)), text);

export const readDocument = () => readFileSync(file, 'utf8');

export function writeDocument(): void {
  writeFileSync(file, renderDocument(readDocument(), readRecords()));
}
