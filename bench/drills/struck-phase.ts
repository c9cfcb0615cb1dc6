import type { JobDetail } from '@aws-sdk/client-batch';
import type { AttemptRecord } from '../../functions/core/settle/attempt-record.ts';

/** Where a worker was when it was struck, by the last line of its log before. */
export type Phase = 'before the container' | 'begin' | 'import, load' | 'render' | 'upload' | 'end';

/** By the `phase` field of a line: what comes after it. */
const after: Readonly<Record<string, Phase>> = {
  start: 'import, load',
  load: 'render',
  render: 'render',
  upload: 'upload',
  end: 'end',
};

const notice = '"Spot interruption notice"';

type Ended = Partial<Pick<JobDetail, 'startedAt' | 'statusReason' | 'container'>>;

/** Undefined for a job that nothing struck: it ended by itself. */
export function struckPhase({ startedAt, statusReason, container }: Ended, log: string): Phase | undefined {
  const isLost = statusReason?.startsWith('Host EC2') === true;
  if (startedAt === undefined) return isLost ? 'before the container' : undefined;
  if (!isLost && ![80, 137].includes(container?.exitCode ?? 0)) return undefined;
  const [before = ''] = log.split(notice);
  const last = [...before.matchAll(/"phase": ?"(\w+)"/g)].at(-1)?.[1];
  return last === undefined ? 'begin' : after[last];
}

/** Where the worker of an attempt was at its end, by its own record; torch is imported in the midst of the load (`run_attempt.py`). */
export function lastPhase({ phases }: Pick<AttemptRecord, 'phases'>): Phase {
  if (phases.uploadSeconds > 0) return 'upload';
  if (phases.renderSeconds > 0) return 'render';
  return phases.importSeconds + phases.loadSeconds > 0 ? 'import, load' : 'begin';
}
