import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median } from '../functions/core/median.ts';
import { readFlags } from './flags.ts';
import { round, sum } from './numbers.ts';
import { runCommand } from './run-command.ts';

export interface LocalFigures {
  /** `npm start` with one prompt, from the command to its exit. */
  readonly totalSeconds: number;
  /** The worker's process: importing, loading, rendering, uploading. */
  readonly workerSeconds: number;
  /** Everything else: set-up check, engine, functions, states, delivery. */
  readonly orchestrationSeconds: number;
  readonly runs: readonly { readonly totalSeconds: number; readonly workerSeconds: number }[];
}

/** One prompt on this machine, warm: everything is set up and bundled, the weights are in the cache, the picture is new. */
export async function benchLocal(args: readonly string[]): Promise<LocalFigures> {
  const flags = readFlags(args, ['runs']);
  const folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-bench-'));
  const render = async (seed: number) => {
    const own = ['--json', '--state', join(folder, 'state'), '--out', join(folder, 'out'), '--seed', String(seed)];
    const { lastLine, seconds } = await runCommand('npm', ['start', '--', ...own, 'a red circle on a blue background']);
    const attempts: readonly { seconds: number }[] = JSON.parse(lastLine).attempts;
    return {
      totalSeconds: round(seconds, 2),
      workerSeconds: round(sum(attempts.map((attempt) => attempt.seconds)), 2),
    };
  };
  try {
    await render(0); // fills the caches, not counted
    const measured = [];
    for (let run = 1; run <= flags.number('runs', 3); run++) measured.push(await render(run));
    const totalSeconds = median(measured.map((run) => run.totalSeconds));
    const workerSeconds = median(measured.map((run) => run.workerSeconds));
    const orchestrationSeconds = round(median(measured.map((run) => run.totalSeconds - run.workerSeconds)), 2);
    return { totalSeconds, workerSeconds, orchestrationSeconds, runs: measured };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
