import { describe, expect, it } from 'vitest';
import { runProgram } from '../../cli/grammar/command-spec.ts';
import { inputFlags, toFlag, toInput } from '../../cli/grammar/job-flags.ts';
import { UsageProblem } from '../../cli/grammar/usage-problem.ts';
import { makeProgram } from '../../cli/program.ts';
import { jobInputSchema } from '../../functions/core/input/job-input.ts';

interface Called {
  readonly command: string;
  readonly flags: object;
  readonly operands: readonly string[];
}

/** Which command would be called, and with what. */
async function parse(argv: readonly string[]): Promise<Called> {
  let called: Called | undefined;
  const program = makeProgram(async ({ name }, flags, operands) => {
    called = { command: name, flags, operands };
  });
  await runProgram(program, argv);
  if (!called) throw new TypeError(`Expected a command to be called by ${argv.join(' ')}`);
  return called;
}

/** The job input of what is called. */
async function parseInput(argv: readonly string[]) {
  const { flags, operands } = await parse(argv);
  return toInput(flags, operands);
}

describe('the command line', () => {
  it('has a kebab-case flag for every field of the job input that a person gives', async () => {
    // Prompts are arguments, `plan` is a command; schedules and parts are put in by the workflow.
    const others = ['prompt', 'prompts', 'mode', 'schedule', 'partOf'];
    const fields = Object.keys(jobInputSchema.shape).filter((field) => !others.includes(field));
    expect([...inputFlags].sort()).toEqual(fields.sort());
    const help = makeProgram()
      .commands.find((command) => command.name() === 'generate')
      ?.helpInformation();
    for (const field of fields) expect(help).toContain(`--${toFlag(field)}`);
    expect(toFlag('maxUsdPerHour')).toBe('max-usd-per-hour');
  });

  it('takes one argument as a prompt, several as prompts, none as the samples', async () => {
    expect(await parseInput(['a star'])).toEqual({ prompt: 'a star' });
    expect(await parseInput(['a star', 'a ring'])).toEqual({ prompts: ['a star', 'a ring'] });
    expect(await parse([])).toEqual({ command: 'generate', flags: { color: true }, operands: [] });
  });

  it('takes a job by its name, with the flags of this command and no others', async () => {
    expect(await parse(['resume', 'night-r1', '--max-usd', '2', '--stack', 'mine'])).toEqual({
      command: 'resume',
      flags: { maxUsd: 2, stack: 'mine', color: true },
      operands: ['night-r1'],
    });
    expect(await parse(['drill', 'night', '--yes'])).toEqual({
      command: 'drill',
      flags: { stack: 'spot-diffusion', yes: true },
      operands: ['night'],
    });
    expect(await parse(['--drill', 'kill@1', 'a star'])).toMatchObject({
      flags: { drill: [{ kind: 'kill', afterImages: 1 }] },
      operands: ['a star'],
    });
  });

  it.each([
    [['a star', '--stack', 'mine', '--workers', '2'], '--workers'],
    [['plan', 'a star', '--stack', 'mine', '--prices', 'live'], '--prices'],
    [['serve', '--stack', 'mine'], '--stack'],
    [['resume', 'night', '--drill', 'kill@1', '--stack', 'mine'], '--drill'],
    [['resume', 'night', '--steps', '4'], '--steps'],
    [['cancel', 'night', '--yes'], '--yes'],
    [['status', '--stack', 'mine', '--state', 'here'], '--state'],
    [['models', 'list', '--stack', 'mine', '--state', 'here'], '--state'],
    [['plan', 'a star', '--drill', 'kill@1'], '--drill'],
    [['plan', 'a star', '--out', 'here'], '--out'],
    [['a star', '--stack', 'mine', '--out', 'here'], '--out'],
    [['resume', 'night', '--stack', 'mine', '--out', 'here'], '--out'],
    [['schedule', 'test', 'night', '--stack', 'mine', '--out', 'here'], '--out'],
    [['quota', 'request', '--code', 'L-3819A6DF', '--vcpus', '8', '--instances', '2'], '--instances'],
  ])('refuses %j: the flag would do nothing', async (argv, flag) => {
    await expect(parse(argv)).rejects.toThrow(UsageProblem);
    await expect(parse(argv)).rejects.toThrow(flag);
  });

  it('takes a folder for a job that is brought here from AWS', async () => {
    expect(await parse(['open', 'night', '--stack', 'mine', '--out', 'here'])).toMatchObject({
      flags: { stack: 'mine', out: 'here' },
    });
  });

  it('passes an empty string on as an empty prompt: the workflow refuses it', async () => {
    expect(await parseInput([''])).toEqual({ prompt: '' });
  });

  it('gives numbers as numbers, and what is none as a text for the workflow to refuse', async () => {
    const input = await parseInput(['x', '--steps', '4', '--max-usd', '0.5', '--width', 'wide', '--same-gpu']);
    expect(input).toEqual({ prompt: 'x', steps: 4, maxUsd: 0.5, width: 'wide', sameGpu: true });
  });

  it('reads LoRAs with and without a weight', async () => {
    expect(await parseInput(['x', '--loras', 'ink:0.8,pixel'])).toMatchObject({
      loras: [{ name: 'ink', weight: 0.8 }, { name: 'pixel' }],
    });
  });

  it('knows commands by their first word only', async () => {
    expect(await parse(['plan', 'a star'])).toMatchObject({ command: 'plan', operands: ['a star'] });
    expect(await parse(['serve', '--port', '0'])).toMatchObject({ command: 'serve', flags: { port: 0 } });
    expect(await parse(['a plan'])).toMatchObject({ command: 'generate', operands: ['a plan'] });
  });
});

/** The commands themselves are called, in this process: what is wrong is thrown before anything is opened. */
describe('wrong usage', () => {
  it.each([
    [['--stepz', '4'], '--stepz'],
    [['--port', 'http'], '--port'],
    [['--port', '99999'], '--port'],
    [['--workers', '0'], '--workers'],
    [['--prices', 'low'], '--prices'],
    [['--steps'], '--steps'],
    [['--drill', 'flood@3', 'a star'], 'interrupt@N'],
    [['resume'], "argument 'job'"],
    [['resume', 'a/b'], 'job'],
    [['requeue', '../secrets'], 'Expected the name of a job'],
    [['cancel', 'one', 'two'], "arguments for 'cancel'"],
    [['status', 'a', 'b'], 'arguments'],
    [['open'], 'job'],
    [['costs', '--month', 'now'], '--month'],
    [['schedule'], 'schedule add'],
    [['schedule', 'add', 'night'], 'expression'],
    [['schedule', 'move', 'night'], 'schedule move night'],
    [['schedule', 'add', 'night', 'rate(1 day)'], '`--prompts-file`'],
    [['costs', '--cost-explorer'], '`--stack` beside `--cost-explorer`'],
    [['models', 'import', 'sdxl', '--no-wait'], '`--stack` beside `--no-wait`'],
    [['teardown', '--ledger', '--yes'], '`--stack` beside `--ledger`'],
    [['doctor', 'now'], 'arguments'],
    [['quota'], '`quota request`'],
    [['quota', 'request', '--vcpus', '8'], '--code'],
    [['quota', 'request', '--code', 'L-1'], 'L-3819A6DF'],
    [['quota', 'request', '--instances', '0'], '--instances'],
    [['models'], 'models list'],
    [['models', 'import', 'dall-e'], 'dall-e'],
    [['teardown', '--verify', '--yes'], '`--verify`'],
    [['prices', '--days', '0'], '--days'],
    [['prices', '--days', '91'], '--days'],
    [['prices', '--days', 'week'], '--days'],
    [['prices', '--model', 'dall-e'], '--model'],
    [['prices', '--prices', 'real'], '--prices'],
    [['prices', '--count', '1.5'], '--count'],
    [['prices', '--steps', '4'], '--steps'],
    [['prices', 'extra'], 'arguments'],
    [['replay', '--hours', 'x'], '--hours'],
    [['replay', '--hours', '9', '--deadline', '8'], '`--deadline`'],
    [['replay', '--availability', '/nowhere'], '/nowhere'],
    [['replay', '--prices', 'examples'], '`examples`, got EISDIR'],
    [['replay', '--instance-type', 'p9.big'], '`p9.big`'],
    [['replay', '--steps', '4'], '--steps'],
  ])('is %j, which names what is wrong', async (argv, named) => {
    const end = runProgram(makeProgram(), argv);
    await expect(end).rejects.toThrow(UsageProblem);
    await expect(end).rejects.toThrow(named);
  });
});
