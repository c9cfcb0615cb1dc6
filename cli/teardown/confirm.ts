import { createInterface } from 'node:readline/promises';

/** Whether somebody is there to ask. */
export const isInteractive = () => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Anything but a clear yes is a no. */
export async function confirmOnTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return /^y(es)?$/i.test((await terminal.question(`${question} [y/N] `)).trim());
  } finally {
    terminal.close();
  }
}
