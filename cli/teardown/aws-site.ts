import { say } from '../words/say.ts';
import { isClean, usdPerMonthOf } from './leftovers/leftover.ts';
import { planSteps, readScope, type Wanted } from './plan-aws.ts';
import type { Site, TeardownFlags } from './site.ts';
import { findLeftovers, leftoverLines } from './verify.ts';

const toWanted = ({ bucket = false, ledger = false, everything = false }: TeardownFlags): Wanted => ({
  bucket: bucket || everything,
  ledger: ledger || everything,
  logs: everything,
});

/** A stack, and what it leaves, in the region of the SDK. */
export function openAwsSite(stack: string, flags: TeardownFlags): Site {
  let reading: ReturnType<typeof readScope> | undefined;
  /** Read once, before anything is gone. */
  const read = () => (reading ??= readScope({}, stack));
  return {
    plan: async () => {
      const scope = await read();
      if (!scope.stands) say(`The stack ${stack} is not in ${scope.region}.`);
      const wanted = toWanted(flags);
      if (!wanted.bucket || !wanted.ledger) {
        say(
          'Bucket and ledger stay unless `--bucket`, `--ledger` or `--everything` asks for them: pictures that were paid for, and what was learned.',
        );
      }
      return planSteps({}, scope, { wanted, say });
    },
    verify: async (done) => {
      const scope = await read();
      const stands = scope.stands && !done.includes('stack');
      const findings = await findLeftovers({}, { ...scope, stands }, say);
      const { region } = scope;
      const { leftovers, unread, listed } = findings;
      const usdPerMonth = Number(usdPerMonthOf(findings).toFixed(6));
      return {
        lines: leftoverLines(findings, region),
        json: { region, stack: stands, leftovers, unread, listed, usdPerMonth },
        isClean: isClean(findings),
      };
    },
  };
}
