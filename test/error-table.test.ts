import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import * as errors from '../functions/core/errors.ts';

const root = join(import.meta.dirname, '..');
const { errorTable } = errors;

function textOf(folder: string, ending: string): string {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter(
      (entry) => entry.isFile() && entry.name.endsWith(ending) && !/^errors\.(ts|py)$|error-table/.test(entry.name),
    )
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n');
}

const product = textOf('functions', '.ts') + textOf('container/worker', '.py');
const tests = textOf('test', '.ts') + textOf('container/tests', '.py');

describe('the error table', () => {
  it.each(errorTable.map((entry) => entry.name))(
    '%s is raised by the product, met in a test and stands in the README',
    (name) => {
      const word = new RegExp(`\\b${name}\\b`);
      expect(word.test(product), 'raised').toBe(true);
      expect(word.test(tests), 'met in a test').toBe(true);
      expect(readFileSync(join(root, 'README.md'), 'utf8').includes(`| ${name} |`), 'in the README').toBe(true);
    },
  );

  it('has a literal name in each class: a minified class would lose its own', () => {
    const classes = Object.values(errors).flatMap((value) =>
      typeof value === 'function' && value.prototype instanceof Error ? [value] : [],
    );
    expect(classes.length).toBeGreaterThan(0);
    for (const made of classes) {
      const error: unknown = Reflect.construct(made, ['why']);
      expect(error).toMatchObject({ name: made.name, message: 'why' });
      expect(errors.isErrorName(made.name)).toBe(true);
    }
  });

  it('gives each exit code to one error', () => {
    const codes = errorTable.flatMap((entry) => entry.exitCode ?? []);
    expect(new Set(codes).size).toBe(codes.length);
  });
});
