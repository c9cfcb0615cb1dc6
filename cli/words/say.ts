/** Words go to stderr: stdout belongs to answers, and to `--json`. */
export const say = (line: string): void => {
  process.stderr.write(`${line}\n`);
};
