import { readFlags } from './flags.ts';
import { concurrency, runJobs } from './learn/measure.ts';
import { makeWorld, off, type Wrong, wrongs } from './learn/world.ts';
import { mean, round } from './numbers.ts';
import { makeRandom } from './replay/random.ts';

export interface LearnFigures {
  /** Mean of all worlds, by job number: cost over the cost with all speeds known. */
  readonly regret: readonly number[];
  /** The mean of the fourth job and all after it. */
  readonly fromFourthJob: number;
}

interface LearnTerms {
  readonly jobs: number;
  readonly images: number;
  readonly worlds: number;
  readonly seed: number;
}

type ByWrong = Readonly<Record<string, LearnFigures>>;

export interface LearnBench {
  /** `off`: how many times too fast or too slow the wrong ones are. */
  readonly terms: LearnTerms & { readonly off: number; readonly concurrency: number };
  readonly picking: ByWrong;
  readonly withPilots: ByWrong;
}

function measure(wrong: Wrong, of: LearnTerms & { readonly pilots: boolean }): LearnFigures {
  const runs = Array.from({ length: of.worlds }, (_, world) => {
    const random = makeRandom(of.seed * 10_000 + world);
    return runJobs(makeWorld(wrong, random), of, random);
  });
  const regret = Array.from({ length: of.jobs }, (_, job) => mean(runs.map((run) => run[job] ?? Number.NaN)));
  return {
    regret: regret.map((value) => round(value, 4)),
    fromFourthJob: round(mean(regret.slice(3)), 4),
  };
}

/** Listed speeds that are three times off for half the GPUs: how soon the ledger makes up for them. */
export async function benchLearn(args: readonly string[]): Promise<LearnBench> {
  const flags = readFlags(args, ['jobs', 'images', 'worlds', 'seed']);
  const of = {
    jobs: flags.number('jobs', 12),
    images: flags.number('images', 2000),
    worlds: flags.number('worlds', 200),
    seed: flags.number('seed', 3),
  };
  const all = (pilots: boolean) =>
    Object.fromEntries(wrongs.map((wrong) => [wrong, measure(wrong, { ...of, pilots })]));
  return { terms: { ...of, off, concurrency }, picking: all(false), withPilots: all(true) };
}
