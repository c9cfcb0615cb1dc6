import { describe, expect, it } from 'vitest';
import { type Arguments, toArguments } from '../../../cli/grammar/arguments.ts';
import { runProgram } from '../../../cli/grammar/command-spec.ts';
import { inputFlags, toFlag } from '../../../cli/grammar/job-flags.ts';
import { UsageProblem } from '../../../cli/grammar/usage-problem.ts';
import { makeProgram } from '../../../cli/program.ts';
import { jobInputSchema } from '../../../functions/core/job-input.ts';

const ofJobs = ['resume', 'requeue', 'cancel', 'watch', 'drill'];

/** What the command would be called with. */
async function parse(argv: readonly string[]): Promise<Arguments> {
  let parsed: Arguments | undefined;
  const program = makeProgram(async ({ name }, options, operands) => {
    parsed = toArguments(name, options, operands, ofJobs.includes(name));
  });
  await runProgram(program, argv);
  if (!parsed) throw new TypeError(`Expected a command to be called by ${argv.join(' ')}`);
  return parsed;
}

describe('the command line', () => {
  it('has a kebab-case flag for every field of the job input that a person gives', async () => {
    const others = ['prompts', 'schedule', 'partOf'];
    const fields = Object.keys(jobInputSchema.shape).filter((field) => !others.includes(field));
    expect([...inputFlags].sort()).toEqual(fields.sort());
    const help = makeProgram()
      .commands.find((command) => command.name() === 'generate')
      ?.helpInformation();
    for (const field of fields) expect(help).toContain(`--${toFlag(field)}`);
    expect(toFlag('maxUsdPerHour')).toBe('max-usd-per-hour');
  });

  it('takes one argument as a prompt, several as prompts, none as the samples', async () => {
    expect((await parse(['a star'])).input).toEqual({ prompt: 'a star' });
    expect((await parse(['a star', 'a ring'])).input).toEqual({ prompts: ['a star', 'a ring'] });
    expect(await parse([])).toMatchObject({ command: 'generate', input: {}, json: false, workers: 1, drill: [] });
  });

  it('takes a job by its name, with the flags of this command and no others', async () => {
    expect(await parse(['resume', 'night-r1', '--max-usd', '2', '--stack', 'mine'])).toMatchObject({
      command: 'resume',
      job: 'night-r1',
      input: { maxUsd: 2 },
      stack: 'mine',
    });
    expect(await parse(['drill', 'night', '--yes'])).toMatchObject({ command: 'drill', job: 'night', yes: true });
    expect(await parse(['--drill', 'kill@1', 'a star'])).toMatchObject({
      job: '',
      input: { prompt: 'a star' },
      drill: [{ kind: 'kill', afterImages: 1 }],
    });
  });

  it.each([
    [['a star', '--stack', 'mine', '--workers', '2'], '--workers'],
    [['plan', 'a star', '--stack', 'mine', '--prices', 'live'], '--prices'],
    [['serve', '--stack', 'mine'], '--stack'],
    [['resume', 'night', '--drill', 'kill@1', '--stack', 'mine'], '--drill'],
    [['resume', 'night', '--steps', '4'], '--steps'],
    [['cancel', 'night', '--yes'], '--yes'],
  ])('refuses %j: the flag would do nothing', async (argv, flag) => {
    await expect(parse(argv)).rejects.toThrow(UsageProblem);
    await expect(parse(argv)).rejects.toThrow(flag);
  });

  it('passes an empty string on as an empty prompt: the workflow refuses it', async () => {
    expect((await parse([''])).input).toEqual({ prompt: '' });
  });

  it('gives numbers as numbers, and what is none as a text for the workflow to refuse', async () => {
    const { input } = await parse(['x', '--steps', '4', '--max-usd', '0.5', '--width', 'wide', '--same-gpu']);
    expect(input).toEqual({ prompt: 'x', steps: 4, maxUsd: 0.5, width: 'wide', sameGpu: true });
  });

  it('reads LoRAs with and without a weight', async () => {
    expect((await parse(['x', '--loras', 'ink:0.8,pixel'])).input).toMatchObject({
      loras: [{ name: 'ink', weight: 0.8 }, { name: 'pixel' }],
    });
  });

  it('knows commands by their first word only', async () => {
    expect(await parse(['plan', 'a star'])).toMatchObject({ command: 'plan', input: { prompt: 'a star' } });
    expect(await parse(['serve', '--port', '0'])).toMatchObject({ command: 'serve', port: 0 });
    expect(await parse(['a plan'])).toMatchObject({ command: 'generate', input: { prompt: 'a plan' } });
  });

  it.each([
    [['--stepz', '4'], '--stepz'],
    [['--port', 'http'], '--port'],
    [['--port', '99999'], '--port'],
    [['--workers', '0'], '--workers'],
    [['--prices', 'low'], '--prices'],
    [['--steps'], '--steps'],
    [['resume'], 'job'],
    [['resume', 'a/b'], 'job'],
    [['cancel', 'one', 'two'], 'arguments'],
    [['models'], 'models list'],
  ])('refuses %j as wrong usage', async (argv, named) => {
    await expect(parse(argv)).rejects.toThrow(UsageProblem);
    await expect(parse(argv)).rejects.toThrow(named);
  });
});
