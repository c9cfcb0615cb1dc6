import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

interface Locked {
  readonly license?: string;
  readonly dev?: boolean;
}
const locked: Readonly<Record<string, Locked>> = JSON.parse(read('package-lock.json')).packages;
const { dependencies, devDependencies } = JSON.parse(read('package.json'));

/** What stands in the page, by package: `@aws-sdk/client-*` stands for all of them. */
const rows = [...read('docs/dependencies.md').matchAll(/^\| (`[^|]+) \| ([^|]+) \|/gm)].flatMap(([, names, licence]) =>
  [...(names ?? '').matchAll(/`([^`]+)`/g)].map(([, name]) => ({ name: name ?? '', licence: licence ?? '' })),
);
const rowOf = (name: string) =>
  rows.find((row) => row.name === (name.startsWith('@aws-sdk/client-') ? '@aws-sdk/client-*' : name));

/** Of every file by which Python packages are installed. */
const python = new Map(
  globSync('{cli,container,local,models}/**/requirements*.in', { cwd: root }).map((file) => [
    file,
    [...read(file).matchAll(/^([\w-]+)/gm)].map(([, name]) => name ?? ''),
  ]),
);
const pythonNames = [...new Set([...python.values()].flat())];

/** Ask nothing of who uses the whole but to keep their notices; LGPL is libvips', which sharp loads as a library of its own. */
const accepted =
  /^(MIT|MIT-0|ISC|0BSD|Apache-2\.0|BSD-[23]-Clause|LGPL-3\.0-or-later|Apache-2\.0 AND LGPL-3\.0-or-later( AND MIT)?)$/;

describe('docs/dependencies.md', () => {
  it.each(Object.keys({ ...dependencies, ...devDependencies }))('names %s with its licence', (name) => {
    expect(rowOf(name)?.licence ?? 'no row').toContain(locked[`node_modules/${name}`]?.license);
  });

  it('reads what the worker, the import, this machine and the checks install', () => {
    const folders = ['cli/setup', 'cli/setup', 'container', 'container/importer', 'local'];
    expect([...python.keys()].map(dirname).sort()).toEqual(folders);
  });

  it.each(pythonNames)('names %s of the Python parts', (name) => {
    expect(rowOf(name)).toBeDefined();
  });

  it('names nothing that is not installed', () => {
    const known = [...Object.keys({ ...dependencies, ...devDependencies }), '@aws-sdk/client-*', ...pythonNames];
    expect(rows.map(({ name }) => name).filter((name) => !known.includes(name))).toEqual([]);
  });
});

it('ships no Node package, at any depth, under a licence that we have not accepted', () => {
  const shipped = Object.entries(locked).filter(([path, { dev }]) => path && !dev);
  expect(shipped.length).toBeGreaterThan(50);
  const others = shipped.filter(([, { license }]) => !accepted.test(license ?? ''));
  expect(others.map(([path, { license }]) => `${path}: ${license}`)).toEqual([]);
});
