import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const root = join(import.meta.dirname, '..');
const folders = ['functions', 'statemachine', 'infra', 'local', 'cli', 'bench', 'container', 'models', 'test'];

function list(folder: string, endings: readonly string[]): readonly string[] {
  const entries = readdirSync(join(root, folder), { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && endings.some((ending) => entry.name.endsWith(ending)))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

const sources = folders.flatMap((folder) => list(folder, ['.ts', '.mjs', '.cjs', '.py']));
const read = (file: string) => readFileSync(join(root, file), 'utf8');

/** Imports of a TypeScript file, as paths from the root or names of packages. */
function importsOf(file: string): readonly string[] {
  const found = read(file).matchAll(/(?:from|import)\s+'([^']+)'|import\('([^']+)'\)/g);
  return [...found].map((match) => {
    const target = match[1] ?? match[2] ?? '';
    return target.startsWith('.') ? relative(root, join(root, dirname(file), target)) : target;
  });
}

/** Who may import what: the layout of the design. The first row that fits a file counts. */
const rules: readonly { readonly files: RegExp; readonly may: RegExp }[] = [
  {
    files: /^functions\/core\//,
    may: /^(functions\/core\/|models\/[^/]+\.json$|node:crypto$|node:zlib$|node:stream$|zod$|canonicalize$|csv-parse$|p-map$)/,
  },
  {
    files: /^functions\/adapters\//,
    may: /^(functions\/core\/|functions\/adapters\/dynamodb-transact\.ts$|@aws-sdk\/|sharp$|p-retry$)/,
  },
  {
    files: /^functions\/(wiring|logged)\.ts$|\.lambda\.ts$/,
    may: /^(functions\/|@aws-sdk\/|@aws-lambda-powertools\/)/,
  },
  { files: /^functions\/[^/]+\.ts$/, may: /^(functions\/core\/|zod$|p-map$)/ },
  { files: /^statemachine\//, may: /^(functions\/core\/|statemachine\/|local\/bucket\/seed|node:|zod$|esbuild$)/ },
  { files: /^local\//, may: /^(functions\/|local\/|node:|@aws-sdk\/|esbuild$|jsonata$|p-map$)/ },
  {
    files: /^infra\//,
    may: /^(functions\/core\/|functions\/bundling\.ts$|infra\/|aws-cdk-lib(\/|$)|cdk-nag$|constructs$|@cdklabs\/|node:|zod$)/,
  },
  { files: /^cli\/setup/, may: /^(cli\/setup\/|node:)/ },
  { files: /^cli\//, may: /^(functions\/|local\/|cli\/|bench\/replay\/|node:|@aws-sdk\/|echarts\/|[a-z0-9-]+$)/ },
  { files: /^bench\/replay\//, may: /^(functions\/core\/|local\/|bench\/replay\/|node:|zod$|csv-parse\/sync$)/ },
];

/**
 * The rooms of the core, in the order of what they know: a file imports from its own room, from those before it, and the words
 * of all at the core's top.
 */
const rooms = [
  'storage',
  'input',
  'slots',
  'learn',
  'market',
  'wait',
  'shard',
  'pick',
  'plan',
  'settle',
  'receipt',
  'report',
  'tell',
  'close',
  'parts',
  'fleet',
];

/** 0: at the top of the core. */
const roomOf = (file: string) => {
  const [, , room, inRoom] = file.split('/');
  return inRoom === undefined ? 0 : rooms.indexOf(room ?? '') + 1;
};

/** Functions that no state calls: events, timers and people do. */
const noStates = ['adopt-golden-ami', 'clean-up-job', 'explain-waiting', 'find-idle-instances', 'gallery-door'];

const product = sources.filter((file) => /\.(ts|mjs|cjs)$/.test(file) && !file.startsWith('test/'));

describe('the architecture', () => {
  it('lets no module import what its layer must not know', () => {
    const strangers = product.flatMap((file) => {
      const rule = rules.find(({ files }) => files.test(file));
      return rule
        ? importsOf(file)
            .filter((target) => !rule.may.test(target))
            .map((target) => `${file} -> ${target}`)
        : [];
    });
    expect(strangers).toEqual([]);
  });

  it('lets each room of the core know only those before it', () => {
    const core = product.filter((file) => file.startsWith('functions/core/'));
    expect([...new Set(core.map(roomOf))].sort((a, b) => a - b)).toEqual([0, ...rooms.map((_, room) => room + 1)]);
    const upwards = core.flatMap((file) =>
      importsOf(file)
        .filter((target) => target.startsWith('functions/core/') && roomOf(target) > roomOf(file))
        .map((target) => `${file} -> ${target}`),
    );
    expect(upwards).toEqual([]);
  });

  it('lets no file import what imports it', () => {
    const graph = new Map(product.map((file) => [file, importsOf(file).filter((target) => product.includes(target))]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]) => {
      if (path.includes(file)) cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
      if (path.includes(file) || done.has(file)) return;
      for (const target of graph.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    };
    for (const file of graph.keys()) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('reads the environment of the functions in one place', () => {
    const readers = product.filter((file) => file.startsWith('functions/') && read(file).includes('process.env'));
    expect(readers).toEqual(['functions/wiring.ts']);
  });

  it('keeps the clock, chance and the file system out of the core', () => {
    const impure = /Date\.now|new Date\(\)|Math\.random|\bprocess\.|node:fs|performance\.now/;
    expect(product.filter((file) => file.startsWith('functions/core/') && impure.test(read(file)))).toEqual([]);
  });

  it('has a file and a Lambda entry for each function of the machine', () => {
    const machine = read('statemachine/spot-diffusion.asl.json');
    const named = [...machine.matchAll(/\$\{(\w+)Function\}/g)].map((match) => match[1] ?? '');
    const toFile = (name: string) => name.replaceAll(/(?<!^)[A-Z]/g, (letter) => `-${letter}`).toLowerCase();
    const entries = product.filter((file) => file.endsWith('.lambda.ts'));
    const expected = [...new Set(named.map(toFile)), ...noStates].map((name) => `functions/${name}.lambda.ts`);
    expect([...entries].sort()).toEqual(expected.sort());
  });

  it('keeps files small: half of them below 80 lines, none over 300', () => {
    const sizes = sources
      .map((file) => ({ file, lines: read(file).split('\n').length }))
      .sort((a, b) => a.lines - b.lines);
    expect(sizes.filter(({ lines }) => lines > 300)).toEqual([]);
    expect(sizes[Math.floor(sizes.length / 2)]?.lines).toBeLessThanOrEqual(80);
  });

  it('uses no catch-all module names', () => {
    expect(sources.filter((file) => /(^|\/)(utils?|helpers?|common|misc)\./.test(file))).toEqual([]);
  });

  it('loads no weights but safetensors', () => {
    const worker = sources.filter((file) => file.startsWith('container/worker/'));
    expect(worker.filter((file) => /torch\.load\(|from_pickle|use_safetensors=False/.test(read(file)))).toEqual([]);
  });
});
