import { type Command, Option } from 'commander';

type Kind = 'text' | 'number' | 'switch' | 'loras';

/** Fields of the job input as flags: `maxUsd` is `--max-usd`. Their values are checked by Validate prompts, not here. */
const fields = {
  promptsFile: ['text', 'a list: .txt, .jsonl or .csv, here or s3://'],
  count: ['number', 'images of each prompt, by seeds one after another (default: 1)'],
  model: ['text', '`npm start -- models list` names them'],
  negativePrompt: ['text', 'what the picture should not show'],
  seed: ['number', 'of the noise that the first image of a prompt begins with (default: 0)'],
  width: ['number', 'of the picture, in pixels'],
  height: ['number', 'of the picture, in pixels'],
  steps: ['number', 'how many the picture is drawn in'],
  guidance: ['number', 'how closely the prompt is followed'],
  scheduler: ['text', 'how the noise goes, step by step: one that the model has'],
  loras: ['loras', '`ink:0.8,pixel-art`: names in the bucket, with weights'],
  startImage: ['text', 's3:// picture to start from'],
  strength: ['number', 'how far to leave the start picture, to 1'],
  safety: ['text', 'of pictures that are flagged: `off`, `block` or `reseed`'],
  maxUsd: ['number', 'the most that the job may spend'],
  maxUsdPerHour: ['number', 'the most that an instance may cost'],
  readyBy: ['text', 'when it is due: ISO time, or HH:MM in the time zone'],
  timeZone: ['text', 'IANA name, such as Europe/Berlin (default: UTC)'],
  onDemand: ['text', '`never` (default), `fallback` or `only`'],
  sameGpu: ['switch', 'one instance type for all images'],
  notify: ['text', 'attribute of the message, for filter policies'],
} as const satisfies Readonly<Record<string, readonly [Kind, string]>>;

export type InputFlag = keyof typeof fields;
export const inputFlags: readonly InputFlag[] = Object.keys(fields).filter((name): name is InputFlag => name in fields);

/** What a resumed job may be told beside what the first was. */
export const limits: readonly InputFlag[] = [
  'maxUsd',
  'maxUsdPerHour',
  'onDemand',
  'sameGpu',
  'notify',
  'readyBy',
  'timeZone',
];

export const toFlag = (field: string) => field.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** A number where it is one: what is not goes on as a text and is refused with its path. */
const toNumber = (text: string): number | string =>
  text.trim() !== '' && !Number.isNaN(Number(text)) ? Number(text) : text;

/** `pixel-art:0.8,ink` */
const toLoras = (text: string) =>
  text.split(',').map((part) => {
    const [name, weight] = part.split(':');
    return weight === undefined ? { name } : { name, weight: toNumber(weight) };
  });

interface Value {
  readonly stands: string;
  readonly parser?: (text: string) => unknown;
}

const values: Readonly<Record<Kind, Value>> = {
  text: { stands: ' <text>' },
  number: { stands: ' <number>', parser: toNumber },
  loras: { stands: ' <list>', parser: toLoras },
  switch: { stands: '' },
};

function toOption(field: InputFlag): Option {
  const [kind, about] = fields[field];
  const { stands, parser } = values[kind];
  const option = new Option(`--${toFlag(field)}${stands}`, about);
  return parser ? option.argParser(parser) : option;
}

/** Adds a flag for each field, or for those that are named. */
export function withJobFields(command: Command, names: readonly InputFlag[] = inputFlags): Command {
  for (const field of names) command.addOption(toOption(field));
  return command;
}

function toPrompts(prompts: readonly string[]): Readonly<Record<string, unknown>> {
  if (prompts.length > 1) return { prompts };
  return prompts.length ? { prompt: prompts[0] } : {};
}

/** The job input that a command line gives: the fields among all flags of the command, and the prompts. */
export const toInput = (flags: object, prompts: readonly string[] = []): Readonly<Record<string, unknown>> => ({
  ...toPrompts(prompts),
  ...Object.fromEntries(Object.entries(flags).filter(([name]) => name in fields)),
});
