import { python, runCommand } from './run-command.ts';

interface Tally {
  readonly right: number;
  readonly total: number;
}

export interface TinyFigures extends Tally {
  readonly seen: Tally;
  readonly heldOut: Tally;
  readonly colourRight: number;
  readonly backgroundRight: number;
  readonly sizeRight: number;
  readonly perShape: Readonly<Record<string, Tally>>;
  readonly steps: number;
  readonly guidance: number;
}

/** How many of 200 captions the tiny model draws right, judged by models/training/judge.py, which reads the flags. */
export async function benchTiny(args: readonly string[]): Promise<TinyFigures> {
  const { lastLine } = await runCommand(python, ['-m', 'models.training.score', '--json', ...args]);
  return JSON.parse(lastLine);
}
