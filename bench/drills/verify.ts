import { setTimeout as sleep } from 'node:timers/promises';
import type { AttemptRecord } from '../../functions/core/settle/attempt-record.ts';
import { sum } from '../numbers.ts';
import { checkJob } from './check-job.ts';
import { checkLedger } from './check-ledger.ts';
import { checkWorkers, findProcesses } from './check-workers.ts';
import { countOf, type Finding } from './findings.ts';
import { checkObjects, openFiles, readLeft, readPictures } from './left-behind.ts';
import type { Passed } from './storm.ts';
import { lastPhase } from './struck-phase.ts';

export interface StormFigures {
  readonly seed: number;
  readonly faults: number;
  readonly images: number;
  /** Images without an end that has a name, and ends that nobody was told of. */
  readonly lost: number;
  readonly duplicated: number;
  readonly renderedTwice: number;
  readonly allowedTwice: number;
  readonly orphans: number;
  readonly wrongStatus: number;
  readonly attempts: number;
  readonly jobs: number;
  readonly delivered: number;
  readonly failed: number;
  readonly seconds: number;
  /** Faults by kind. */
  readonly struck: Readonly<Record<string, number>>;
  /** Workers that were struck, by the part of their work. */
  readonly struckIn: Readonly<Record<string, number>>;
  /** Of the workers that obeyed a notice: the last part of their work, by their own records. */
  readonly interruptedIn: Readonly<Record<string, number>>;
  readonly poolsClosed: number;
  /** What must not be, the first of it. */
  readonly findings: readonly Finding[];
}

const mostFindings = 30;
/** Workers that were ended get 5 s from SIGTERM to SIGKILL; instances idle for 0.3 s. */
const settleMs = 6000;

function countPhases(records: readonly AttemptRecord[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const record of records.filter(({ outcome }) => outcome === 'SpotInterrupted')) {
    counts[lastPhase(record)] = (counts[lastPhase(record)] ?? 0) + 1;
  }
  return counts;
}

/** Reads what is left after the storm, from the services and from the disk, and holds it against what was promised. */
export async function verify(passed: Passed, seed: number): Promise<StormFigures> {
  await sleep(settleMs);
  const { stage, jobs, witness } = passed;
  const files = await openFiles(stage.stateDir);
  const pictures = await readPictures(files);
  const left = await Promise.all(
    jobs.map(async (job) => ({ job, left: await readLeft(files, job.order.name, { pictures, passed }) })),
  );
  const workers = await checkWorkers(passed);
  const findings = [
    ...left.flatMap(({ job, left: of }) => checkJob(job, of)),
    ...(await checkObjects(files, { pictures, passed })),
    ...(await checkLedger(stage, new Map(left.map(({ job, left: of }) => [job.order.name, of.receipt])))),
    ...workers.findings,
    ...(await findProcesses(stage.local.endpoint)),
  ];
  const receipts = left.flatMap(({ left: { receipt } }) => receipt ?? []);
  return {
    seed,
    faults: sum(Object.values(passed.struck)),
    images: sum(left.map(({ left: { hashes } }) => hashes.length)),
    lost: countOf(findings, 'lost'),
    duplicated: countOf(findings, 'duplicated'),
    renderedTwice: workers.renderedTwice,
    allowedTwice: workers.allowedTwice,
    orphans: countOf(findings, 'orphans'),
    wrongStatus: countOf(findings, 'wrongStatus'),
    attempts: sum(receipts.map(({ attempts }) => attempts.length)),
    jobs: jobs.length,
    delivered: sum(receipts.map(({ delivered }) => delivered)),
    failed: sum(receipts.map(({ failed }) => failed)),
    seconds: Math.round(passed.seconds),
    struck: passed.struck,
    struckIn: workers.struckIn,
    interruptedIn: countPhases(left.flatMap(({ left: one }) => one.records)),
    poolsClosed: witness.closedPools.size,
    findings: findings.slice(0, mostFindings),
  };
}
