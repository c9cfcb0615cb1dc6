import type { ReceiptLine } from '../receipt/receipt-line.ts';
import type { Pause } from '../shard/pause.ts';

/** Time in which nothing was rendered, and why. */
export interface LongWait {
  readonly seconds: number;
  readonly reason: string;
}

type Line = Pick<ReceiptLine, 'createdAt' | 'startedAt' | 'stoppedAt' | 'wait'>;

/** From the submit to the container, where somebody said why it took so long: a start without a reason is none to tell of. */
function ofLine({ createdAt, startedAt, stoppedAt, wait }: Line): readonly LongWait[] {
  const end = startedAt ?? wait?.until ?? stoppedAt;
  if (!wait || !createdAt || !end) return [];
  return [{ seconds: (Date.parse(end) - Date.parse(createdAt)) / 1000, reason: wait.sentence }];
}

const ofPause = ({ seconds, reason }: Pause): LongWait => ({ seconds, reason });

/** The longest first: of attempts for an instance, and of shards for another attempt. */
export function longestWaits(lines: readonly Line[], pauses: readonly Pause[], most = 3): readonly LongWait[] {
  return [...lines.flatMap(ofLine), ...pauses.map(ofPause)]
    .filter(({ seconds }) => seconds >= 1)
    .toSorted((a, b) => b.seconds - a.seconds)
    .slice(0, most);
}
