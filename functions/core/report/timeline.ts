import { bootSeconds } from '../pick/around-container.ts';
import type { ReceiptLine } from '../receipt/receipt-line.ts';
import type { Span } from './page-data.ts';

/** Of an expected start: an instance boots in 90 s, the container's image is pulled in the rest. */
const bootShare = 90 / bootSeconds;

type Timed = Pick<
  ReceiptLine,
  'createdAt' | 'startedAt' | 'stoppedAt' | 'endedAt' | 'startSeconds' | 'wait' | 'outcome' | 'phases'
>;

const toTime = (iso: string | undefined) => (iso === undefined ? undefined : Date.parse(iso));
const notEmpty = ({ from, to }: Span) => to > from;

/**
 * From the submit to the start of the container. Batch tells neither when the instance came nor when the pull began, unless
 * an event said so: what is left is split as the pick expected, and says so.
 */
function beforeContainer(line: Timed, from: number, to: number): readonly Span[] {
  const told = toTime(line.wait?.until);
  const placed = told !== undefined && told > from && told < to ? told : undefined;
  const expected = line.startSeconds * 1000;
  const pullFrom = placed ?? to - Math.min(to - from, expected) * (1 - bootShare);
  const bootFrom = Math.max(from, pullFrom - expected * bootShare);
  const pulling: Span = { phase: 'pulling', from: pullFrom, to, ...(placed === undefined ? { reckoned: true } : {}) };
  return [
    { phase: 'waiting', from, to: bootFrom },
    { phase: 'booting', from: bootFrom, to: pullFrom, reckoned: true },
    pulling,
  ];
}

/** From the container's start to its end; of a worker that left no record nobody knows what it did. */
function inContainer({ phases, outcome }: Timed, from: number, to: number): readonly Span[] {
  const lost = outcome !== 'Succeeded';
  if (!phases) return [{ phase: lost ? 'lost' : 'rendering', from, to }];
  const at = (seconds: number) => Math.min(to, from + seconds * 1000);
  const loaded = at(phases.importSeconds + phases.loadSeconds);
  const { renderSeconds, uploadSeconds } = phases;
  const rendered = lost ? Math.min(to, loaded + (renderSeconds + uploadSeconds) * 1000) : to;
  return [
    { phase: 'loading', from, to: loaded },
    { phase: 'rendering', from: loaded, to: rendered },
    { phase: 'lost', from: rendered, to },
  ];
}

/** What an attempt did when; empty where Batch told no times. */
export function toSpans(line: Timed): readonly Span[] {
  const [created, started] = [toTime(line.createdAt), toTime(line.startedAt)];
  const stopped = toTime(line.stoppedAt ?? line.endedAt);
  if (created === undefined) return [];
  if (started === undefined) {
    const end = stopped ?? toTime(line.wait?.until) ?? created;
    return [{ phase: 'waiting' as const, from: created, to: end }].filter(notEmpty);
  }
  const before = beforeContainer(line, created, started);
  return [...before, ...inContainer(line, started, stopped ?? started)].filter(notEmpty);
}
