import { sum } from '../../numbers.ts';
import type { FairShareFigures } from '../../scale/fair-figures.ts';
import type { JobFigures } from '../../scale/run-job.ts';
import type { ScaleFigures } from '../../scale.ts';
import { origin, table, thousands } from '../markdown.ts';
import { need, type Records } from '../records.ts';

const head = [
  'prompts',
  'delivered',
  'executions',
  'most history events (of 25,000)',
  'largest payload (of 256 KiB)',
  'Lambda invocations',
  'transitions per 1,000 images',
  'Validate prompts',
  'its memory, alone in a process',
  'Close job',
  'whole job',
  'tasks tried again',
];

const toKib = (bytes: number) => `${(bytes / 1024).toFixed(1)} KiB`;

const toRow = (of: JobFigures, memoryMib?: number) => [
  thousands(of.prompts),
  thousands(of.delivered),
  String(of.executions),
  thousands(of.historyEvents),
  toKib(of.largestPayloadBytes),
  thousands(of.lambdaInvocations),
  `$${of.transitionsUsd.toFixed(5)}`,
  `${of.validateSeconds.toFixed(1)} s`,
  memoryMib === undefined ? '' : `${memoryMib} MiB`,
  `${of.closeSeconds.toFixed(1)} s`,
  `${of.seconds.toFixed(0)} s`,
  String(sum(Object.values(of.failedTasks))),
];

/** A job and one of a tenth. */
function renderJob(of: ScaleFigures): string {
  const { prompts, tenth, linearity, linearityOf, others, validateMemoryMiB } = of;
  const time =
    `Time per image of ${thousands(prompts)} against ${thousands(tenth.prompts)}: ${linearity.toFixed(2)} for the whole, ` +
    `${linearityOf.cpu.toFixed(2)} of CPU time, ${linearityOf.close.toFixed(2)} for *Close job*, ` +
    `${linearityOf.validate.toFixed(2)} for *Validate prompts*. Images of other jobs in the bucket: ${thousands(others)}.`;
  return `${table(head, [toRow(tenth), toRow(of, validateMemoryMiB)])}\n${time}\n`;
}

const renderFairShare = (of: FairShareFigures) =>
  `A job of ${of.smallImages} images that came after a night batch of ${of.batchShards} shards got its slot after ` +
  `${of.slotAfterBatchAttempts} attempts of the batch; while it stood in line ${of.endedWhileInLine} slots were given back, ` +
  `of which ${of.batchSlotsMeanwhile} went to the batch. ` +
  `It took ${of.smallSeconds.toFixed(0)} s, the batch ${of.batchSeconds.toFixed(0)} s.\n`;

export function renderScale(records: Records): string {
  const record = need(records, 'scale');
  return `${origin(record)}\n${renderJob(record.figures)}`;
}

export function renderFair(records: Records): string {
  const { fairShare } = need(records, 'scale').figures;
  if (!fairShare) throw new Error('Expected `fairShare` in docs/figures/scale.json: the command has `--fair`.');
  return renderFairShare(fairShare);
}

/** A job in parts, in words: of its tenth, which is one execution, only the time is compared. */
function describeParts(of: ScaleFigures): string {
  const tried = sum(Object.values(of.failedTasks));
  return (
    `${thousands(of.delivered)} of ${thousands(of.prompts)} delivered in ${(of.seconds / 60).toFixed(0)} minutes by ${of.executions} ` +
    `executions: ${thousands(of.historyEvents)} events in the largest history, payloads of ${toKib(of.largestPayloadBytes)}, ` +
    `$${of.transitionsUsd.toFixed(5)} of transitions per 1,000 images, *Validate prompts* ${of.validateSeconds.toFixed(0)} s in all and ` +
    `${of.validateMemoryMiB} MiB alone in a process, *Close job* ${of.closeSeconds.toFixed(0)} s in all. Its time per image was ` +
    `${of.linearity.toFixed(2)} of that of ${thousands(of.tenth.prompts)}. Tasks tried again: ${tried}.\n`
  );
}

export function renderParts(records: Records): string {
  const plan = need(records, 'scale-plan');
  const large = need(records, 'scale-large');
  const of = plan.figures;
  const planned =
    `${thousands(of.prompts)} prompts: ${of.parts} parts, ${of.executions} executions, ${thousands(of.shards)} shards, ` +
    `${thousands(of.historyEvents)} events in the largest history, ${thousands(of.transitions)} transitions, ` +
    `${thousands(of.lambdaInvocations)} invocations, $${of.orchestrationUsd.toFixed(2)} of orchestration.\n`;
  return `${origin(plan)}\n${planned}\n${origin(large)}\n${describeParts(large.figures)}`;
}
