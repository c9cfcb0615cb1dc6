import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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

const median = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? 0;
const round = (seconds: number) => Math.round(seconds * 100) / 100;

/** One prompt on this machine, warm: everything is set up and bundled, the weights are in the cache, the picture is new. */
export async function benchLocal(runs = 3): Promise<LocalFigures> {
  const folder = await mkdtemp(join(tmpdir(), 'spot-diffusion-bench-'));
  const render = async (seed: number) => {
    const own = ['--json', '--state', join(folder, 'state'), '--out', join(folder, 'out'), '--seed', String(seed)];
    const { lastLine, seconds } = await runCommand('npm', ['start', '--', ...own, 'a red circle on a blue background']);
    const attempts: readonly { seconds: number }[] = JSON.parse(lastLine).attempts;
    return {
      totalSeconds: round(seconds),
      workerSeconds: round(attempts.reduce((sum, attempt) => sum + attempt.seconds, 0)),
    };
  };
  try {
    await render(0); // fills the caches, not counted
    const measured = [];
    for (let run = 1; run <= runs; run++) measured.push(await render(run));
    const totalSeconds = median(measured.map((run) => run.totalSeconds));
    const workerSeconds = median(measured.map((run) => run.workerSeconds));
    const orchestrationSeconds = round(median(measured.map((run) => run.totalSeconds - run.workerSeconds)));
    return { totalSeconds, workerSeconds, orchestrationSeconds, runs: measured };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
