import { isErrorName } from '../functions/core/errors.ts';
import { parseArguments } from './arguments.ts';
import { cancel } from './cancel.ts';
import { drill } from './drill.ts';
import { generate } from './generate.ts';
import { helpText } from './help.ts';
import { modelsCommand } from './models.ts';
import { pricesCommand } from './prices.ts';
import { replayCommand } from './replay.ts';
import { requeue } from './requeue.ts';
import { failureLines } from './result.ts';
import { resume } from './resume.ts';
import { serve } from './serve.ts';
import { JobProblem } from './target.ts';
import { UsageProblem } from './usage-problem.ts';
import { watch } from './watch.ts';

const say = (line: string) => process.stderr.write(`${line}\n`);

async function run(argv: readonly string[]): Promise<number> {
  const [word, ...rest] = argv;
  // Its flags are no fields of a job.
  if (word === 'replay' && !rest.includes('--help')) return replayCommand(rest);
  if (word === 'models' && !rest.includes('--help')) return modelsCommand(rest);
  if (word === 'prices' && !rest.includes('--help')) return pricesCommand(rest);
  const args = parseArguments(argv);
  switch (args.command) {
    case 'help':
      process.stdout.write(helpText);
      return 0;
    case 'serve':
      return serve(args);
    case 'plan':
      return generate({ ...args, input: { ...args.input, mode: 'plan' } });
    case 'generate':
      return generate(args);
    case 'resume':
      return resume(args);
    case 'requeue':
      return requeue(args);
    case 'cancel':
      return cancel(args);
    case 'watch':
      return watch(args);
    case 'drill':
      return drill(args);
    default:
      return args.command satisfies never;
  }
}

function explain(error: unknown): number {
  if (error instanceof UsageProblem) {
    say(`${error.message} \`npm start -- --help\` lists the flags.`);
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

process.exitCode = await run(process.argv.slice(2)).catch(explain);
