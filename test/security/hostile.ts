import fc from 'fast-check';

/** Values that people with bad intentions, or bad luck, put where a right one should be. As JSON carries them. */
export const hostileTexts: readonly string[] = [
  '',
  ' ',
  '\u0000',
  '\ufeff',
  'a\r\nb',
  '\u202egnp.exe\u2066\u200f',
  '\ud83d',
  'x\ud83d y',
  '\u001b[31mred\u001b]0;title\u0007\u001b[2J',
  'x\n{"level":"ERROR","message":"forged"}',
  '<script>alert(1)</script>',
  '</textarea><img src=x onerror=alert(1)>',
  `"'><svg onload=alert(1)>`,
  '../../x',
  '..\\..\\x',
  '/etc/passwd',
  'file:///etc/passwd',
  's3://spot-diffusion//x.txt',
  's3://spot-diffusion/\u0000.txt',
  `s3://spot-diffusion/${'k'.repeat(1100)}.txt`,
  's3://spot-diffusion/../other/x.jsonl',
  's3://other/x.txt',
  's3://spot-diffusion.evil.example/x.txt',
  "=cmd|' /C calc'!A0",
  '+1+1',
  '@SUM(A1)',
  '-2+3',
  '$(touch /tmp/x)',
  '`id`',
  '; rm -rf /',
  '$' + '{jndi:ldap://x}',
  '{{7*7}}',
  '{'.repeat(500),
  '{a|'.repeat(300),
  '('.repeat(1500),
  '['.repeat(1500),
  `${'{a|b}'.repeat(40)}`,
  '__colour__'.repeat(150),
  `__${'a'.repeat(1500)}__`,
  '<lora:../../x:1>',
  '__proto__',
  'constructor',
  '\u0958'.repeat(2000),
  '\u0301'.repeat(2000),
  'x'.repeat(200_000),
  '🦊'.repeat(1001),
];

const deep = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth));

export const hostileValues: readonly unknown[] = [
  ...hostileTexts,
  null,
  true,
  false,
  0,
  -1,
  -0,
  1.5,
  2 ** 31,
  2 ** 32,
  2 ** 53,
  1e308,
  -1e308,
  5e-324,
  [],
  {},
  [[]],
  deep(2000),
  // As deep as 256 KiB of input can be.
  deep(130_000),
  JSON.parse('{"__proto__": {"polluted": true}}'),
  JSON.parse('{"constructor": {"prototype": {"polluted": true}}}'),
  Array.from({ length: 3000 }, () => 'x'),
];

const names = ['prompt', 'prompts', 'promptsFile', 'seed', '__proto__', 'constructor', 'toString', 'extra', '', 'hash'];

type Container = Record<string, unknown> | unknown[];

function placesOf(value: unknown, depth = 0): readonly (readonly [Container, string])[] {
  if (typeof value !== 'object' || value === null || depth > 5) return [];
  const container = value as Container;
  const inside = (key: string) => placesOf(Reflect.get(container, key), depth + 1);
  return Object.keys(container).flatMap((key) => [[container, key] as const, ...inside(key)]);
}

/** Own, also where it is called `__proto__`: as JSON.parse makes it. */
const set = (container: Container, key: string, value: unknown) =>
  Object.defineProperty(container, key, { value, writable: true, enumerable: true, configurable: true });

interface Change {
  readonly place: number;
  readonly kind: number;
  readonly value: unknown;
  readonly name: string;
}

const change: fc.Arbitrary<Change> = fc.record({
  place: fc.nat(1000),
  kind: fc.nat(9),
  value: fc.constantFrom(...hostileValues),
  name: fc.constantFrom(...names),
});

const copyOf = (value: unknown) => (Array.isArray(value) ? [...value] : value);

function apply(value: unknown, { place, kind, value: shared, name }: Change): void {
  const hostile = copyOf(shared);
  const places = placesOf(value);
  const [container, key] = places[place % Math.max(1, places.length)] ?? [];
  if (!container || key === undefined) return;
  if (kind < 7) set(container, key, hostile);
  else if (kind < 8) Reflect.deleteProperty(container, key);
  else if (!Array.isArray(container)) set(container, name, hostile);
  else container.push(hostile);
}

/** One of the valid values with one to three changes. */
export const mutated = (valid: readonly unknown[]): fc.Arbitrary<unknown> =>
  fc.tuple(fc.constantFrom(...valid), fc.array(change, { minLength: 1, maxLength: 3 })).map(([base, changes]) => {
    const copy = structuredClone(base);
    for (const one of changes) apply(copy, one);
    return copy;
  });

/** Text that is cut, has bytes turned, is doubled, or holds something hostile in its middle. */
export const bent = (valid: readonly string[]): fc.Arbitrary<string> =>
  fc
    .tuple(fc.constantFrom(...valid), fc.nat(), fc.nat(4), fc.constantFrom(...hostileTexts), fc.nat(0xffff))
    .map(([text, where, kind, hostile, unit]) => {
      const at = where % (text.length + 1);
      if (kind === 0) return text.slice(0, at);
      if (kind === 1) return text.slice(0, at) + String.fromCharCode(unit) + text.slice(at + 1);
      if (kind === 2) return text.slice(0, at) + text.slice(at, at + 30).repeat(20) + text.slice(at);
      if (kind === 3) return text.slice(0, at) + hostile + text.slice(at);
      return text.replaceAll('\n', ['\r\n', '\r', '\u2028', '\n\n', '\u0000'][unit % 5] ?? '');
    });
