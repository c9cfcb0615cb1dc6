import { Command, CommanderError } from 'commander';
import { UsageProblem } from './usage-problem.ts';

/** One command of the command line: what it takes, says of itself, and does. */
export interface CommandSpec<Options extends object = object> {
  /** One word; below a command with commands of its own the second. */
  readonly name: string;
  readonly summary: string;
  /** What follows `npm start -- `. A test runs each of them; `JOB` and other words in capitals are stand-ins. */
  readonly examples: readonly string[];
  /** Its arguments and flags. */
  grammar?(command: Command): Command;
  /** @returns the exit code */
  run?(options: Options, operands: readonly string[]): Promise<number>;
  readonly commands?: readonly CommandSpec[];
}

/** Who is called with what was parsed. */
export type Act = (spec: CommandSpec, options: object, operands: readonly string[]) => Promise<void>;

export const toExamples = (examples: readonly string[]) =>
  examples.length
    ? `\nExample${examples.length > 1 ? 's' : ''}:\n${examples.map((example) => `  npm start -- ${example}`).join('\n')}\n`
    : '';

/** A parser without an exit or a voice of its own: what is wrong is thrown. */
export function speakFor(command: Command, path?: string): void {
  command.configureOutput({ writeErr: () => {} }).exitOverride((error) => {
    throw toUsageProblem(error, path) ?? error;
  });
}

/** A command with all that is below it. */
export function toCommand(spec: CommandSpec, act: Act, above = ''): Command {
  const path = `${above}${spec.name}`;
  const command = new Command(spec.name).description(spec.summary).summary(spec.summary);
  speakFor(command, path);
  command.addHelpText('after', toExamples(spec.examples));
  for (const inner of spec.commands ?? []) command.addCommand(toCommand(inner, act, `${path} `));
  if (spec.commands) expectOneOf(command, spec);
  spec.grammar?.(command);
  if (spec.run) command.action(() => act(spec, command.opts(), command.args));
  return command;
}

/** A command that only holds others. */
function expectOneOf(command: Command, { name, commands = [] }: CommandSpec): void {
  const words = commands.map((inner) => `\`${name} ${inner.name}\``).join(', ');
  command.allowExcessArguments().action(() => {
    const got = [name, ...command.args].join(' ');
    throw new UsageProblem(`Expected one of ${words}, got \`${got}\`.`);
  });
}

/** Commander's word on wrong usage as one line of ours. Undefined: it was asked for help, and gave it. */
function toUsageProblem({ code, message }: CommanderError, path?: string): UsageProblem | undefined {
  if (code === 'commander.helpDisplayed' || code === 'commander.help') return undefined;
  const text = message.replace(/^error: /, '').replaceAll(/\s*\n\s*/g, ' ');
  return new UsageProblem(`${text.charAt(0).toUpperCase()}${text.slice(1)}${/[.?)]$/.test(text) ? '' : '.'}`, path);
}

/** Parses, and calls the command. @throws UsageProblem */
export async function runProgram(program: Command, argv: readonly string[]): Promise<void> {
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    // It gave the help that it was asked for.
    if (!(error instanceof CommanderError)) throw error;
  }
}
