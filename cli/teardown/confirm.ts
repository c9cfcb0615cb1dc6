import { createInterface } from 'node:readline/promises';

/** Whether somebody is there to ask. */
export const isInteractive = () => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** Anything but a clear yes is a no. */
export async function confirmOnTerminal(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  // Nothing is under way while a question is open.
  terminal.once('SIGINT', () => process.exit(130));
  const end = new Promise<string>((resolve) => terminal.once('close', () => resolve('')));
  const text = await Promise.race([terminal.question(`${question} [y/N] `), end]);
  terminal.close();
  return /^y(es)?$/i.test(text.trim());
}
