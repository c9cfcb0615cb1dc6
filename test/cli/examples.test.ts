import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeProgram } from '../../cli/program.ts';
import { type ServedStack, serveStack } from './a-stack.ts';
import { command, pressCtrlC, run, toResult } from './command.ts';

const program = makeProgram();

interface Example {
  readonly text: string;
  readonly flags: readonly string[];
}

/** Every example of every help text, as a person would copy it. */
function listExamples(parent: typeof program, specs: readonly string[] = []): readonly Example[] {
  return parent.commands.flatMap((one) => {
    if (one.name() === 'help') return [];
    let help = '';
    one.configureOutput({ writeOut: (text) => (help += text) }).outputHelp();
    const own = [...help.matchAll(/^ {2}npm start -- ?(.*)$/gm)].map(([, text = '']) => text);
    if (!one.commands.length) expect(own, `examples of ${[...specs, one.name()].join(' ')}`).not.toEqual([]);
    const flags = one.options.map(({ long = '' }) => long ?? '');
    return [...own.map((text) => ({ text, flags })), ...listExamples(one, [...specs, one.name()])];
  });
}

const toWords = (text: string) => [...text.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare = '']) => quoted ?? bare);

/** Not 0: what the command is to say of this place. */
const ends: readonly (readonly [RegExp, code: number, says: RegExp])[] = [
  [/^drill JOB --stack spot-diffusion$/, 1, /Expected job \S+ to run/],
  [/^drill JOB --stack spot-diffusion --yes$/, 1, /Expected job \S+ to run/],
  [/^doctor --stack/, 1, /"canRun":false/],
  [/^teardown --verify/, 1, /a month/],
  [/^teardown --stack spot-diffusion$/, 2, /Would:/],
];

/** What can't be run here, and why. */
const left: readonly (readonly [RegExp, string])[] = [
  [/^teardown .*--yes/, 'takes what the other examples need: test/cli/teardown runs it'],
  [/^models import/, 'needs the network: test/cli/models/models-here.test.ts imports from a hub of its own'],
];

describe('the examples of the help', () => {
  let stack: ServedStack;
  let jobId = '';

  beforeAll(async () => {
    stack = await serveStack({ outputs: { ImportProject: 'x', InterruptTemplateId: 'x', WorkerImage: 'x' } });
    // The picture of the first example: it is there when that is run.
    jobId = toResult(await run(['--json', ...stack.place.flags, 'a red circle on a blue background'])).jobId;
  }, 180_000);
  afterAll(() => stack.stop());

  const examples = listExamples(program);
  const isLeft = (text: string) => left.find(([pattern]) => pattern.test(text));
  for (const { text } of examples) {
    const why = isLeft(text)?.[1];
    if (why) console.log(`Not run: \`npm start -- ${text}\`: ${why}`);
  }

  async function runExample({ text, flags }: Example) {
    const { place, state, env } = stack;
    const words = toWords(text.replace('JOB', jobId));
    const onAws = words.includes('--stack');
    const own = text.includes('--drill') || text.startsWith('serve') ? ['--state', `${place.folder}/alone`] : state;
    const more = [
      ...(flags.includes('--state') && !onAws ? own : []),
      ...(flags.includes('--out') && !onAws ? ['--out', `${place.folder}/out`] : []),
      ...(flags.includes('--no-browser') ? ['--no-browser'] : []),
    ];
    if (!text.startsWith('serve')) return run([...words, ...more], onAws ? { env } : {});
    const serving = command([...words, ...more, ...(words.includes('--port') ? [] : ['--port', '0'])], { group: true });
    await serving.says('Ctrl-C ends it');
    pressCtrlC(serving);
    return serving.ended;
  }

  it.each(examples.filter(({ text }) => !isLeft(text)))('npm start -- $text', { timeout: 120_000 }, async (example) => {
    const { code, stdout, stderr } = await runExample(example);
    const [, wanted = 0, says = /./] = ends.find(([pattern]) => pattern.test(example.text)) ?? [];
    expect({ code, stderr: code === wanted ? '' : stderr }).toEqual({ code: wanted, stderr: '' });
    expect(stdout + stderr).toMatch(says);
    if (example.text.includes('--json')) expect(typeof JSON.parse(stdout)).toBe('object');
  });

  it('stand in the help of every command, and the root lists each command', () => {
    let help = '';
    makeProgram()
      .configureOutput({ writeOut: (text) => (help += text) })
      .outputHelp();
    for (const one of program.commands) expect(help).toContain(`  ${one.name()}`);
  });
});
