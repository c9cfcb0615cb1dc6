import { checkOnAws } from '../grammar/flags.ts';
import { UsageProblem } from '../grammar/usage-problem.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';
import { confirmOnTerminal, isInteractive } from './confirm.ts';
import type { Left, Site, TeardownFlags } from './site.ts';
import { runSteps, wouldLines } from './steps.ts';

function checkFlags({ verify, yes, bucket, ledger = false, everything, ...place }: TeardownFlags): void {
  checkOnAws('--ledger', ledger, place);
  if (!verify || !(yes || bucket || ledger || everything)) return;
  throw new UsageProblem('Expected `--verify` without flags that delete: it only looks. Every teardown ends with it.');
}

function tell({ lines, json, isClean }: Left, flags: TeardownFlags, also: object): number {
  answer(flags.json, { ...also, ...json }, lines);
  return isClean ? 0 : 1;
}

/** Nobody can be asked: a script, or an object on stdout that nobody reads along. */
const isAsking = ({ yes, json }: TeardownFlags) => !yes && !json && isInteractive();

async function tearDownSite(site: Site, flags: TeardownFlags): Promise<number> {
  checkFlags(flags);
  if (flags.verify) return tell(await site.verify([]), flags, {});
  const steps = await site.plan();
  if (steps.length && !flags.yes && !isAsking(flags)) {
    for (const line of wouldLines(steps)) say(line);
    answer(flags.json, { would: steps.map(({ says }) => says) });
    return 2;
  }
  if (!steps.length) say('Nothing to tear down.');
  const confirm = flags.yes ? undefined : confirmOnTerminal;
  const result = await runSteps(steps, { confirm, say });
  if (result.left.length) say(`Left as it is: ${result.left.join(', ')}.`);
  return tell(await site.verify(result.done), flags, result);
}

/** `teardown`: ends and deletes what costs money, and says what still does. */
export async function teardown(flags: TeardownFlags): Promise<number> {
  const site =
    flags.stack === undefined
      ? (await import('./local-site.ts')).openLocalSite(flags)
      : (await import('./aws-site.ts')).openAwsSite(flags.stack, flags);
  return tearDownSite(site, flags);
}
