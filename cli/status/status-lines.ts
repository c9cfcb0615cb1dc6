import { duration } from '../../functions/core/duration.ts';
import type { FailingSchedule } from '../../functions/core/receipt/failing-schedules.ts';
import { count, money } from '../words/amounts.ts';
import { plainTable } from '../words/tables.ts';
import type { EndedJob } from './ended-job.ts';
import type { RunningJob } from './running-job.ts';

export interface StatusReport {
  readonly running: readonly RunningJob[];
  readonly ended: readonly EndedJob[];
  readonly failing: readonly FailingSchedule[];
}

const spent = (usd: number, limit?: number) => `${money(usd)}${limit === undefined ? '' : ` of ${money(limit)}`}`;

function runningRow(job: RunningJob): readonly string[] {
  const { jobId, images, done, atLeast, spentUsd, maxUsd, secondsLeft } = job;
  const progress = images === undefined ? 'checking prompts' : `${atLeast ? 'at least ' : ''}${done}/${images}`;
  return [jobId, 'running', progress, spent(spentUsd, maxUsd), secondsLeft === undefined ? '' : duration(secondsLeft)];
}

function endedRow({ jobId, status, receipt }: EndedJob): readonly string[] {
  const images = receipt ? `${receipt.delivered}/${receipt.images}` : '';
  const cost = receipt ? `${money(receipt.usd)}${receipt.simulated ? ' (not paid: local)' : ''}` : '';
  return [jobId, status.toLowerCase(), images, cost, ''];
}

const table = (rows: readonly (readonly string[])[]) =>
  plainTable(['job', 'state', 'images', 'spent', 'ready in'], rows);

const sentences = ({ jobId, sentence, unknown }: RunningJob) =>
  sentence === undefined ? [] : [`${jobId}: ${sentence}.${unknown ? ` Reasons unknown to us: ${unknown}.` : ''}`];

const failingLine = ({ name, times, lastJobId, failure }: FailingSchedule) =>
  `Schedule ${name} failed ${times === 2 ? 'twice' : `${times} times`} in a row, last as job ${lastJobId}${failure ? `: ${failure.error}: ${failure.cause}` : ''}`;

/** Every job in a line, each wait in one sentence. */
export function statusLines({ running, ended, failing }: StatusReport): readonly string[] {
  const rows = [...running.map(runningRow), ...ended.map(endedRow)];
  return [
    ...(rows.length ? table(rows) : ['No job runs, none ended.']),
    ...running.flatMap(sentences),
    ...failing.map(failingLine),
  ];
}

/** One job, with each of its attempts. */
export function runningLines(job: RunningJob): readonly string[] {
  const { rendering, waiting, attempts } = job;
  return [
    ...statusLines({ running: [job], ended: [], failing: [] }),
    `${count(rendering, 'shard')} ${rendering === 1 ? 'renders' : 'render'}, ${waiting} ${waiting === 1 ? 'waits' : 'wait'}.`,
    ...attempts.map(({ stage, sentence, seconds }) => `  ${stage}, ${duration(seconds)}: ${sentence}`),
  ];
}

/** @param flags of its place: what follows `resume JOB` */
export function endedLines(job: EndedJob, flags: string): readonly string[] {
  const { receipt, endedAt } = job;
  const failure = receipt?.failure;
  return [
    ...table([endedRow(job)]),
    ...(endedAt ? [`It ended ${endedAt}.`] : []),
    ...(failure ? [`${failure.error}: ${failure.cause}`] : []),
    ...(receipt?.failed ? [`Left: ${receipt.failed}; \`npm start -- resume ${job.jobId}${flags}\` renders them.`] : []),
  ];
}
