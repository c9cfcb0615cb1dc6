import { parseArgs } from 'node:util';

/** `--name value` flags of a bench, each checked where it is used, and switches, which have no value. */
export function readFlags<Name extends string, Switch extends string = never>(
  args: readonly string[],
  names: readonly Name[],
  switches: readonly Switch[] = [],
) {
  const options = {
    ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    ...Object.fromEntries(switches.map((name) => [name, { type: 'boolean' as const }])),
  };
  const values: Readonly<Record<string, unknown>> = parseArgs({ args: [...args], options, strict: true }).values;
  const text = (name: Name) => (values[name] === undefined ? undefined : String(values[name]));
  return {
    text,
    isOn: (name: Switch) => values[name] === true,
    needed(name: Name): string {
      const value = text(name);
      if (value === undefined) throw new TypeError(`Expected \`--${name}\`, got nothing. To fix: give it a path.`);
      return value;
    },
    /** Above 0, or above `least` and `least` itself. */
    number(name: Name, otherwise: number, least?: number): number {
      const value = text(name);
      if (value === undefined) return otherwise;
      const number = Number(value);
      if (Number.isFinite(number) && (least === undefined ? number > 0 : number >= least)) return number;
      const wanted = least === undefined ? 'above 0' : `of ${least} or more`;
      throw new TypeError(`Expected \`--${name}\` to be a number ${wanted}, got \`${value}\`.`);
    },
  };
}
