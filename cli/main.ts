import { isErrorName } from '../functions/core/errors.ts';
import { runProgram } from './grammar/command-spec.ts';
import { UsageProblem } from './grammar/usage-problem.ts';
import { failureLines } from './jobs/result.ts';
import { makeProgram } from './program.ts';
import { JobProblem } from './target/target.ts';
import { say } from './words/say.ts';

function explain(error: unknown): number {
  if (error instanceof UsageProblem) {
    say(
      `${error.message} \`npm start -- ${error.command === undefined ? 'help' : `${error.command} --help`}\` shows how.`,
    );
    return 2;
  }
  if (!(error instanceof Error)) throw error;
  if (isErrorName(error.name)) {
    for (const line of failureLines(error.name, error.message)) say(line);
  } else if (error instanceof JobProblem) {
    say(error.message);
  } else if (Reflect.get(error, 'code') === 'EADDRINUSE' || Reflect.get(error, 'code') === 'ENOSPC') {
    say(error.message);
  } else {
    say(`${error.stack ?? error.message}\nThis is a bug of spot-diffusion.`);
  }
  return 1;
}

try {
  await runProgram(makeProgram(), process.argv.slice(2));
} catch (error) {
  process.exitCode = explain(error);
}
