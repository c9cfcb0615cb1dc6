import { join } from 'node:path';
import { makeFront } from '../../local/address/front.ts';
import { round } from '../numbers.ts';
import { runCommand } from '../run-command.ts';
import { makeImageStore } from './image-store.ts';

export interface LookupFigures {
  /** Milliseconds of a CPU, of the client alone. */
  readonly headMs: number;
  readonly listMs: number;
  /** A list of 1,000 keys takes as much as so many HEADs: of a CPU, and of money. */
  readonly headsPerList: number;
  readonly headsPerListUsd: number;
}

const images = 20_000;
/** Per 1,000 in us-east-1: aws.amazon.com/s3/pricing, S3 Standard, as of 2026-11. */
const usd = { list: 0.005, head: 0.0004 };

/** What looking for an image costs, one by one and by lists: the reason for `fewestPerPage` (`existing-keys.ts`). */
export async function measureLookups(): Promise<LookupFigures> {
  const store = makeImageStore(false);
  store.fill(images);
  const front = makeFront({
    decide: (call) => {
      const reply = store.answer(call);
      return reply && { kind: 'refuse', reply };
    },
  });
  // All is answered in front: there is no router behind it.
  const { port, close } = await front.open(0);
  try {
    const script = join(import.meta.dirname, 'lookup-client.ts');
    const { headMs, listMs } = JSON.parse((await runCommand(process.execPath, [script, String(port)])).lastLine);
    return {
      headMs: round(headMs, 2),
      listMs: round(listMs, 2),
      headsPerList: round(listMs / headMs, 2),
      headsPerListUsd: usd.list / usd.head,
    };
  } finally {
    await close();
  }
}
