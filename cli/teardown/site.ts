import type { PlaceFlags } from '../grammar/flags.ts';
import type { Step } from './steps.ts';

export interface TeardownFlags extends PlaceFlags {
  readonly verify?: boolean;
  readonly yes?: boolean;
  readonly bucket?: boolean;
  readonly ledger?: boolean;
  readonly everything?: boolean;
}

/** What is left, in the end or alone. */
export interface Left {
  readonly lines: readonly string[];
  readonly json: object;
  readonly isClean: boolean;
}

/** A place that can be torn down: this machine's, or a stack. */
export interface Site {
  plan(): Promise<readonly Step[]>;
  /** @param done names of the steps that were done */
  verify(done: readonly string[]): Promise<Left>;
}

export type Say = (line: string) => void;
