import { Command } from 'commander';
import { commandGroups } from './commands.ts';
import { type Act, speakFor, toCommand, toExamples } from './grammar/command-spec.ts';
import { onStack } from './target/aws-problem.ts';

const about = `spot-diffusion: prompts to pictures on the cheapest Spot GPU; here on this machine, without an account.
With \`--stack NAME\` the commands on jobs work on AWS.`;

const exitCodes = `
Exit codes: 0 done, every image delivered; 1 it failed, is not there, or could not run; 2 wrong usage, or \`--yes\` is missing;
130 stopped. \`npm start -- help COMMAND\` lists the flags of one.
`;

const byDefault: Act = async (spec, options, operands) => {
  const stack: unknown = Reflect.get(options, 'stack');
  const run = async () => spec.run?.(options, operands);
  process.exitCode = await onStack(typeof stack === 'string' ? stack : undefined, run);
};

/** The whole command line; without a command it is `generate`. */
export function makeProgram(act: Act = byDefault): Command {
  const program = new Command('npm start --').description(about).usage('[command] [arguments] [flags]');
  speakFor(program);
  for (const [heading, specs] of Object.entries(commandGroups)) {
    for (const spec of specs) {
      const isDefault = spec.name === 'generate';
      program.addCommand(toCommand(spec, act).helpGroup(heading), { isDefault });
    }
  }
  const examples = ['"a red circle on a blue background"', 'plan --prompts-file examples/prompts.txt --max-usd 2'];
  return program.addHelpText('after', exitCodes).addHelpText('after', toExamples(examples));
}
