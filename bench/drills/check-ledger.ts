import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { makeDynamoDbSlots } from '../../functions/adapters/dynamodb-slots.ts';
import type { Receipt } from '../../functions/core/receipt/receipt.ts';
import type { Slot } from '../../functions/core/slots/slot-book.ts';
import { parseSlotBook } from '../../functions/core/slots/slot-book.ts';
import { TABLE } from '../../local/names.ts';
import { othersJobId } from '../hold-quota.ts';
import { largestJumpMs } from './call-faults.ts';
import type { Finding } from './findings.ts';
import type { Stage } from './stage.ts';

type Item = Readonly<Record<string, unknown>>;

async function readAll(stage: Stage): Promise<readonly Item[]> {
  const items: Item[] = [];
  for await (const page of paginateScan({ client: stage.table }, { TableName: TABLE, ConsistentRead: true })) {
    items.push(...(page.Items ?? []));
  }
  return items;
}

/** What is still set aside or held, and whether the sums agree: attempts, budget and receipt tell of the same money. */
export async function checkLedger(
  stage: Stage,
  receipts: ReadonlyMap<string, Receipt | undefined>,
): Promise<readonly Finding[]> {
  const items = await readAll(stage);
  const found: Finding[] = [];
  const ofJobs = Map.groupBy(items, ({ pk }) => String(pk).replace(/^job#/, ''));
  for (const [jobId, receipt] of receipts) {
    const of = ofJobs.get(jobId) ?? [];
    const attempts = of.filter(({ sk }) => String(sk).startsWith('attempt#'));
    for (const { sk, settled } of attempts) {
      if (settled === undefined) found.push({ what: 'orphans', where: jobId, text: `reservation ${sk} is still open` });
    }
    const spent = attempts.reduce((sum, { settled = 0 }) => sum + Number(settled), 0);
    const committed = Number(of.find(({ sk }) => sk === 'budget')?.committed ?? 0);
    if (committed !== spent) {
      found.push({ what: 'duplicated', where: jobId, text: `its budget holds ${committed} of ${spent} micro-dollars` });
    }
    const billed = Math.round((receipt?.usd ?? 0) * 1e6);
    // Each attempt is rounded up to a micro-dollar in the ledger, their sum is rounded once in the receipt.
    if (Math.abs(billed - spent) > attempts.length + 1) {
      found.push({ what: 'duplicated', where: jobId, text: `billed ${billed}, spent ${spent} micro-dollars` });
    }
  }
  return [...found, ...(await checkSlots(stage, items))];
}

async function checkSlots(stage: Stage, items: readonly Item[]): Promise<readonly Finding[]> {
  const books = items.filter(({ pk }) => pk === 'slots').map(({ book }) => parseSlotBook(book));
  const now = Date.now();
  const ours = ({ jobId }: { readonly jobId: string }) => jobId !== othersJobId;
  // An instance that idles gives its slot back by itself: where a clock was ahead, by so much later.
  const endsLate = ({ idle, until }: Slot) => until > (idle ? now + largestJumpMs : now);
  const held = books.flatMap(({ slots }) => slots.filter((slot) => ours(slot) && endsLate(slot)));
  const waiting = books.flatMap(({ wants }) => wants.filter((want) => ours(want) && want.until > now));
  const { vcpus } = await makeDynamoDbSlots(stage.table, TABLE, Date.now).held();
  const sum = Object.values(vcpus).reduce((total, number) => total + number, 0);
  return [
    ...held.map(({ jobName, vcpus, idle, until }) => {
      const seconds = Math.round((until - now) / 1000);
      return { jobName, text: `holds ${vcpus} of ${sum} vCPUs for ${seconds} s more${idle ? ', idle' : ''}` };
    }),
    ...waiting.map(({ jobName }) => ({ jobName, text: 'still waits for a slot' })),
  ].map(({ jobName, text }) => ({ what: 'orphans', where: jobName, text }));
}
