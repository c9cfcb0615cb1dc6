import Table from 'cli-table3';
import { duration } from '../../functions/core/duration.ts';
import { count, money } from '../words/amounts.ts';
import { borderless } from '../words/tables.ts';
import type { PlanView } from './moments.ts';

/** The ranked pools: cheapest image first. */
function poolTable(plan: PlanView, color: boolean): string {
  const table = new Table({
    head: ['', 'pool', 'GPU', 'an hour', 'an image', 'ready in', 'why'],
    style: { head: color ? ['bold'] : [], border: [], compact: true },
    chars: borderless,
    colAligns: ['right', 'left', 'left', 'right', 'right', 'right', 'left'],
  });
  for (const [index, row] of plan.ranked.entries()) {
    const { pool, gpu, usdPerHour, usdPerImage, minutes, why } = row;
    table.push([index + 1, pool, gpu, money(usdPerHour), money(usdPerImage), duration(minutes * 60), why]);
  }
  return table.toString();
}

function leftOutLines({ rejected, rejectedCount }: PlanView): readonly string[] {
  const [first] = rejected;
  return first ? [`${count(rejectedCount, 'pool')} left out, e.g. ${first.id}: ${first.reason}`] : [];
}

function pilotLines({ pilots }: PlanView): readonly string[] {
  const [first] = pilots;
  if (!first) return [];
  const usd = pilots.reduce((sum, pilot) => sum + pilot.usd, 0);
  const types = pilots.map(({ instanceType }) => instanceType).join(', ');
  return [`${count(first.images, 'image')} each go to ${types}, to find out whether they are cheaper: ${money(usd)}.`];
}

const adviceLines = ({ advice }: PlanView) =>
  advice.flatMap(({ code, name, have, need, link, text }) => [
    `Quota ${code} (${name}): have ${have} vCPUs, ${need} would let all of them run at once. Ask at ${link}:`,
    `  ${text}`,
  ]);

function workLine({ shards, concurrency, images, parts }: PlanView): string {
  const planned = shards.reduce((sum, shard) => sum + shard.images, 0);
  if (parts) return `${count(images ?? planned, 'image')} in ${parts} parts, one after another.`;
  return `${count(planned, 'image')} in ${count(shards.length, 'shard')}, ${concurrency} at once.`;
}

/** The plan for a person: the pools, what was left out and why, what it costs, and what would make it faster. */
export function planLines(plan: PlanView, color: boolean): readonly string[] {
  const { costUsd, readySeconds } = plan;
  return [
    ...poolTable(plan, color).split('\n'),
    ...leftOutLines(plan),
    ...plan.gaps,
    ...pilotLines(plan),
    `${workLine(plan)} On AWS: ` +
      `${money(costUsd.p50)} on Spot (p90 ${money(costUsd.p90)}), ${money(costUsd.onDemand)} on demand; ` +
      `ready in ${duration(readySeconds.p50)} (p90 ${duration(readySeconds.p90)}).`,
    ...adviceLines(plan),
  ];
}
