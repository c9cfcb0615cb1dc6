/** The answer of a command, on stdout: with `--json` one object, else the lines, if it has any. */
export function answer(json: boolean | undefined, object: unknown, lines: readonly string[] = []): void {
  if (json) process.stdout.write(`${JSON.stringify(object)}\n`);
  else if (lines.length) process.stdout.write(`${lines.join('\n')}\n`);
}
