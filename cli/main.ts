import { isErrorName } from '../functions/core/errors.ts';
import { runProgram } from './grammar/command-spec.ts';
import { PlainProblem } from './grammar/plain-problem.ts';
import { UsageProblem } from './grammar/usage-problem.ts';
import { makeProgram } from './program.ts';
import { failureLines } from './words/failure-lines.ts';
import { say } from './words/say.ts';

/** What the system says no to, in words that are enough. */
const plainCodes = ['EACCES', 'EADDRINUSE', 'EEXIST', 'EISDIR', 'ENOSPC', 'ENOTDIR', 'EPERM', 'EROFS'];

function linesOf(error: Error): readonly string[] {
  if (error instanceof UsageProblem) {
    const help = error.command === undefined ? 'help' : `${error.command} --help`;
    return [`${error.message} \`npm start -- ${help}\` shows how.`];
  }
  if (isErrorName(error.name)) return failureLines(error.name, error.message);
  const isPlain = error instanceof PlainProblem || plainCodes.includes(String(Reflect.get(error, 'code')));
  return isPlain ? [error.message] : [error.stack ?? error.message, 'This is a bug of spot-diffusion.'];
}

// Whoever reads has enough: `npm start -- help | head`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit();
});

try {
  await runProgram(makeProgram(), process.argv.slice(2));
} catch (error) {
  if (!(error instanceof Error)) throw error;
  for (const line of linesOf(error)) say(line);
  process.exitCode = error instanceof UsageProblem ? 2 : 1;
}
