import { parseArgs } from 'node:util';

/** `--name value` flags of a bench; each is checked where it is used. */
export function readFlags<Name extends string>(args: readonly string[], names: readonly Name[]) {
  const options = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values } = parseArgs({ args: [...args], options, strict: true });
  const text = (name: Name) => values[name];
  return {
    text,
    needed(name: Name): string {
      const value = text(name);
      if (value === undefined) throw new TypeError(`Expected \`--${name}\`, got nothing. To fix: give it a path.`);
      return value;
    },
    number(name: Name, otherwise: number): number {
      const value = text(name);
      if (value === undefined) return otherwise;
      const number = Number(value);
      if (Number.isFinite(number) && number > 0) return number;
      throw new TypeError(`Expected \`--${name}\` to be a number above 0, got \`${value}\`.`);
    },
  };
}
