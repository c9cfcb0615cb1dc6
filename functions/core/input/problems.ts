import type { z } from 'zod';

/** One thing that is wrong with the input, at its path: `prompts[2].steps`. */
export interface Problem {
  readonly path: string;
  readonly message: string;
}

type Path = readonly PropertyKey[];

/** `['prompts', 2, 'steps']` to `prompts[2].steps` */
export function formatPath(path: Path): string {
  return path
    .map((part, index) => (typeof part === 'number' ? `[${part}]` : `${index ? '.' : ''}${String(part)}`))
    .join('');
}

function valueAt(input: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, part) =>
      // A bare prompt stands for `{ prompt }`.
      typeof value === 'string' && part === 'prompt'
        ? value
        : typeof value === 'object' && value !== null
          ? Reflect.get(value, part)
          : undefined,
    input,
  );
}

/** Of what has been JSON; 256 KiB of brackets are more than the stack holds. */
function toJson(value: unknown): string {
  try {
    return JSON.stringify(value) ?? String(value);
  } catch {
    return 'nested too deeply';
  }
}

/** A short form of a value for a message. Long texts are cut: a prompt in full does not belong in an error. */
function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'string' ? value : toJson(value);
  const short = text.length > 60 ? `${text.slice(0, 57)}...` : text;
  return `\`${short}\` (${Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value})`;
}

function expected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected === 'int' ? 'an integer' : `a value of type ${issue.expected}`;
    case 'too_small':
      if (issue.origin === 'string') return 'a text that is not empty';
      if (issue.origin === 'array') return `a list of at least ${issue.minimum}`;
      return issue.inclusive ? `a number of at least ${issue.minimum}` : `a number above ${issue.minimum}`;
    case 'too_big':
      if (issue.origin === 'string') return `a text of at most ${issue.maximum} characters`;
      return issue.origin === 'array' ? `a list of at most ${issue.maximum}` : `a number of at most ${issue.maximum}`;
    case 'not_multiple_of':
      return `a number divisible by ${issue.divisor}`;
    case 'invalid_value':
      return `one of ${issue.values.map((value) => `\`${String(value)}\``).join(', ')}`;
    default:
      return issue.message;
  }
}

function describe(issue: z.core.$ZodIssue, input: unknown, prefix: Path): readonly Problem[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const path = formatPath([...prefix, ...issue.path, key]);
      return {
        path,
        message: `Expected no field \`${path}\`: it is not known. See the README for the fields of a job`,
      };
    });
  }
  const path = formatPath([...prefix, ...issue.path]) || 'input';
  // Our own words: a whole sentence, or what was expected, as the others say it.
  if (issue.code === 'custom' && issue.message.startsWith('Expected')) return [{ path, message: issue.message }];
  const found = valueAt(input, issue.path);
  const size = issue.code === 'too_big' && typeof found === 'string' ? `${found.length} characters` : show(found);
  return [{ path, message: `Expected \`${path}\` to be ${expected(issue)}, got ${size}` }];
}

/** All problems of a failed parse, each with its path below `prefix`. */
export function toProblems(error: z.ZodError, input: unknown, prefix: Path = []): readonly Problem[] {
  return error.issues.flatMap((issue) => describe(issue, input, prefix));
}

/** 50 of them fit into the 32,768 characters of a Fail state's cause. */
const longestProblem = 600;

/** Values of the input stand in a problem: what could forge a line, colour a terminal or hide a text's end is spelt out. */
function toPrintable(text: string): string {
  const visible = text
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (mark) => `\\u{${mark.codePointAt(0)?.toString(16)}}`);
  return visible.length > longestProblem ? `${visible.slice(0, longestProblem - 3).toWellFormed()}...` : visible;
}

/** Lambda cuts nothing, but a notification and a console do: at most `limit` problems are spelt out. */
export function formatProblems(problems: readonly Problem[], limit = 50): string {
  const lines = problems.slice(0, limit).map((problem) => toPrintable(problem.message));
  const more = problems.length - lines.length;
  const head = problems.length === 1 ? '' : `${problems.length} problems: `;
  return `${head}${lines.join('; ')}${more > 0 ? `; and ${more} more` : ''}. Nothing was rendered.`;
}
