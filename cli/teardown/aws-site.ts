import { roundUsd } from '../../functions/core/usd.ts';
import { say } from '../words/say.ts';
import { isClean, usdPerMonthOf } from './leftovers/leftover.ts';
import { planSteps, readKnown, type Wanted } from './plan-aws.ts';
import type { Site, TeardownFlags } from './site.ts';
import { findLeftovers, leftoverLines } from './verify.ts';

const toWanted = ({ bucket = false, ledger = false, everything = false }: TeardownFlags): Wanted => ({
  bucket: bucket || everything,
  ledger: ledger || everything,
  logs: everything,
});

/** A stack, and what it leaves, in the region of the SDK. */
export function openAwsSite(stack: string, flags: TeardownFlags): Site {
  let reading: ReturnType<typeof readKnown> | undefined;
  /** Read once, before anything is gone. */
  const read = () => (reading ??= readKnown({}, stack));
  return {
    plan: async () => {
      const known = await read();
      if (!known.stands) say(`The stack ${stack} is not in ${known.region}.`);
      const wanted = toWanted(flags);
      if (!wanted.bucket || !wanted.ledger) {
        say(
          'Bucket and ledger stay unless `--bucket`, `--ledger` or `--everything` asks for them: pictures that were paid for, and what was learned.',
        );
      }
      return planSteps({}, known, { wanted, say });
    },
    verify: async (done) => {
      const known = await read();
      const stands = known.stands && !done.includes('stack');
      const findings = await findLeftovers({}, { ...known, stands }, say);
      const { region } = known;
      const { leftovers, unread, listed } = findings;
      const usdPerMonth = roundUsd(usdPerMonthOf(findings));
      return {
        lines: leftoverLines(findings, region),
        json: { region, stack: stands, leftovers, unread, listed, usdPerMonth },
        isClean: isClean(findings),
      };
    },
  };
}
