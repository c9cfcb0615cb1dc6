import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const below = (folder: string) =>
  readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.md'))
    .map((file) => join(folder, file));
const documents = ['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md', 'models/training/README.md', ...below('docs')];

const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1] ?? '');

/** As GitHub makes them of headings. */
const anchorsOf = (text: string) =>
  matches(text, /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

/** Files and folders of this repository that stand in backticks; what has a placeholder is none. */
const filesNamed = (text: string) =>
  matches(
    text,
    /`((?:functions|statemachine|infra|container|models|local|cli|bench|test|docs|examples)\/[\w./-]+?)(?:#[\w-]+)?`/g,
  );

describe.each(documents)('%s', (document) => {
  const text = read(document);

  it('links to what is there', () => {
    const broken = matches(text, /\]\(([^)\s]+)\)/g)
      .filter((link) => !link.includes('://'))
      .filter((link) => {
        const [path = '', anchor] = link.split('#');
        const file = path ? join(dirname(document), path) : document;
        return !existsSync(join(root, file)) || (anchor !== undefined && !anchorsOf(read(file)).includes(anchor));
      });
    expect(broken).toEqual([]);
  });

  it('names files of this repository as they are called today', () => {
    const known = (path: string) => existsSync(join(root, path)) || existsSync(join(root, `${path}.ts`));
    expect(filesNamed(text).filter((path) => !known(path))).toEqual([]);
  });

  it('calls npm scripts that exist', () => {
    const { scripts } = JSON.parse(read('package.json'));
    const called = matches(text, /npm run ([\w:]+)/g);
    expect(called.filter((name) => !(name in scripts))).toEqual([]);
  });
});
