import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatPath, formatProblems, toProblems } from '../../../../functions/core/input/problems.ts';

function problemsOf(schema: z.ZodType, input: unknown, prefix: readonly PropertyKey[] = []) {
  const { error } = schema.safeParse(input);
  return error ? toProblems(error, input, prefix) : [];
}

describe('formatPath', () => {
  it.each([
    [[], ''],
    [['steps'], 'steps'],
    [['prompts', 2, 'steps'], 'prompts[2].steps'],
    [['promptsFile line 3', 'loras', 0, 'name'], 'promptsFile line 3.loras[0].name'],
    [[0], '[0]'],
  ])('writes %j as %s', (path, text) => {
    expect(formatPath(path)).toBe(text);
  });
});

describe('toProblems', () => {
  const prompt = z.object({ text: z.string().max(3) });

  it('quotes no text of more than 60 characters in full', () => {
    const secret = 'abcdefghij'.repeat(7);
    const [found] = problemsOf(z.object({ steps: z.number() }), { steps: secret });
    expect(found?.message).toBe(
      `Expected \`steps\` to be a value of type number, got \`${secret.slice(0, 57)}...\` (string)`,
    );
  });

  it('knows a least number from one that is too small itself', () => {
    const schema = z.object({ a: z.number().positive(), b: z.number().min(0) });
    expect(problemsOf(schema, { a: 0, b: -1 }).map(({ message }) => message)).toEqual([
      'Expected `a` to be a number above 0, got `0` (number)',
      'Expected `b` to be a number of at least 0, got `-1` (number)',
    ]);
  });

  it('quotes a text of exactly 60 characters', () => {
    const text = 'x'.repeat(60);
    expect(problemsOf(z.object({ a: z.number() }), { a: text })[0]?.message).toContain(`\`${text}\``);
  });

  it('says only the length of a text that is too long', () => {
    expect(problemsOf(prompt, { text: 'secret' })[0]?.message).toBe(
      'Expected `text` to be a text of at most 3 characters, got 6 characters',
    );
  });

  it.each([
    [undefined, 'nothing'],
    [null, '`null` (null)'],
    [[1], '`[1]` (array)'],
    [{ a: 1 }, '`{"a":1}` (object)'],
    [true, '`true` (boolean)'],
  ])('shows %j as %s', (value, shown) => {
    expect(problemsOf(z.object({ a: z.string() }), { a: value })[0]?.message).toBe(
      `Expected \`a\` to be a value of type string, got ${shown}`,
    );
  });

  it('shows what is nested too deeply for any reader without failing', () => {
    const deep = JSON.parse(`${'['.repeat(130_000)}${']'.repeat(130_000)}`);
    expect(problemsOf(z.object({ a: z.string() }), { a: deep })[0]?.message).toBe(
      'Expected `a` to be a value of type string, got `nested too deeply` (array)',
    );
  });

  it('frames what a check of our own expected as it frames the others', () => {
    const schema = z.object({ a: z.string().refine(() => false, { error: 'a better text' }) });
    expect(problemsOf(schema, { a: 'x' }, ['prompts', 1])[0]?.message).toBe(
      'Expected `prompts[1].a` to be a better text, got `x` (string)',
    );
  });

  it('puts the prefix before the path, and nothing where there is no path', () => {
    expect(problemsOf(prompt, { text: 1 }, ['line 4'])[0]?.path).toBe('line 4.text');
    expect(problemsOf(prompt, 1, ['line 4'])[0]?.path).toBe('line 4');
    expect(problemsOf(prompt, 1)[0]?.path).toBe('input');
  });

  it('makes one problem of each unknown field', () => {
    const found = problemsOf(z.strictObject({}), { a: 1, b: 2 }, ['prompts', 0]);
    expect(found.map((problem) => problem.path)).toEqual(['prompts[0].a', 'prompts[0].b']);
  });

  it('takes the words of a check of our own as they are', () => {
    const schema = z.object({ a: z.string().refine(() => false, { error: 'Expected `a` to be better' }) });
    expect(problemsOf(schema, { a: 'x' })).toEqual([{ path: 'a', message: 'Expected `a` to be better' }]);
  });
});

describe('formatProblems', () => {
  const one = (message: string) => formatProblems([{ path: 'p', message }]);

  it('spells out what could forge a line, colour a terminal or hide the end of a text', () => {
    expect(one('got `a\n\u001b[2J\u202eb\u2028\ud83d`')).toBe(
      'got `a\\u{a}\\u{1b}[2J\\u{202e}b\\u{2028}\ufffd`. Nothing was rendered.',
    );
    expect(one('got `größer 猫 🦊`')).toBe('got `größer 猫 🦊`. Nothing was rendered.');
  });

  it('cuts each problem, so that fifty of them fit into a cause', () => {
    expect(one('x'.repeat(600))).toBe(`${'x'.repeat(600)}. Nothing was rendered.`);
    expect(one('x'.repeat(601))).toBe(`${'x'.repeat(597)}.... Nothing was rendered.`);
    const many = Array.from({ length: 60 }, () => ({ path: 'p', message: '\u0000'.repeat(1000) }));
    expect(formatProblems(many).length).toBeLessThan(32_768);
  });

  const problems = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ path: 'p', message: `Problem ${index + 1}` }));

  it('gives one problem without a count', () => {
    expect(formatProblems(problems(1))).toBe('Problem 1. Nothing was rendered.');
  });

  it('counts several', () => {
    expect(formatProblems(problems(2))).toBe('2 problems: Problem 1; Problem 2. Nothing was rendered.');
  });

  it('spells out as many as the limit and counts the rest', () => {
    expect(formatProblems(problems(3), 3)).not.toContain('more');
    expect(formatProblems(problems(5), 3)).toBe(
      '5 problems: Problem 1; Problem 2; Problem 3; and 2 more. Nothing was rendered.',
    );
    expect(formatProblems(problems(51))).toContain('Problem 50; and 1 more.');
  });
});
