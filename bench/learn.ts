import { readFlags } from './flags.ts';
import { runJobs } from './learn/measure.ts';
import { makeWorld, type Wrong, wrongs } from './learn/world.ts';
import { makeRandom } from './replay/random.ts';

export interface LearnFigures {
  /** Mean of all worlds, by job number: cost over the cost with all speeds known. */
  readonly regret: readonly number[];
  /** The mean of all jobs up to this one. */
  readonly cumulativeRegret: readonly number[];
  /** The mean of the fourth job and all after it. */
  readonly fromFourthJob: number;
  /** Share of the worlds whose jobs from the fourth on stay within 1.02. */
  readonly worldsWithin: number;
}

const mean = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
const round = (value: number) => Number(value.toFixed(4));

interface LearnTerms {
  readonly jobs: number;
  readonly images: number;
  readonly worlds: number;
  readonly seed: number;
  readonly pilots: boolean;
}

function measure(wrong: Wrong, of: LearnTerms): LearnFigures {
  const runs = Array.from({ length: of.worlds }, (_, world) => {
    const random = makeRandom(of.seed * 10_000 + world);
    return runJobs(makeWorld(wrong, random), of, random);
  });
  const regret = Array.from({ length: of.jobs }, (_, job) => mean(runs.map((run) => run[job] ?? Number.NaN)));
  return {
    regret: regret.map(round),
    cumulativeRegret: regret.map((_, job) => round(mean(regret.slice(0, job + 1)))),
    fromFourthJob: round(mean(regret.slice(3))),
    worldsWithin: round(mean(runs.map((run) => Number(mean(run.slice(3)) <= 1.02)))),
  };
}

type ByWrong = Readonly<Record<string, LearnFigures>>;

/** Seeds that are three times off for half the GPUs: how soon the ledger makes up for them. */
export async function benchLearn(args: readonly string[]): Promise<{ picking: ByWrong; withPilots: ByWrong }> {
  const flags = readFlags(args, ['jobs', 'images', 'worlds', 'seed']);
  const of = {
    jobs: flags.number('jobs', 12),
    images: flags.number('images', 2000),
    worlds: flags.number('worlds', 200),
    seed: flags.number('seed', 3),
  };
  const all = (pilots: boolean) =>
    Object.fromEntries(wrongs.map((wrong) => [wrong, measure(wrong, { ...of, pilots })]));
  return { picking: all(false), withPilots: all(true) };
}
