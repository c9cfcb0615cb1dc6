import { type Command, Option } from 'commander';

type Kind = 'text' | 'number' | 'switch' | 'loras';

/** Fields of the job input as flags: `maxUsd` is `--max-usd`. Their values are checked by Validate prompts, not here. */
const fields = {
  prompt: ['text', 'one prompt, as the argument'],
  promptsFile: ['text', 'a list: .txt, .jsonl or .csv, here or s3://'],
  model: ['text', '`npm start -- models list` names them'],
  negativePrompt: ['text', 'what the picture should not show'],
  seed: ['number', 'the noise that an image begins with'],
  width: ['number', 'pixels'],
  height: ['number', 'pixels'],
  steps: ['number', 'of the scheduler'],
  guidance: ['number', 'how closely the prompt is followed'],
  scheduler: ['text', 'one that the model has'],
  loras: ['loras', '`ink:0.8,pixel-art`: names in the bucket, with weights'],
  startImage: ['text', 's3:// picture to start from'],
  strength: ['number', 'how far to leave the start picture'],
  safety: ['text', 'what to do with flagged pictures'],
  count: ['number', 'images of each prompt, by seeds one after another'],
  mode: ['text', '`run` or `plan`'],
  maxUsd: ['number', 'the most that the job may spend'],
  maxUsdPerHour: ['number', 'of an instance'],
  readyBy: ['text', 'ISO time, or HH:MM in the time zone'],
  timeZone: ['text', 'IANA name'],
  onDemand: ['text', '`never`, `fallback` or `only`'],
  sameGpu: ['switch', 'one instance type for all images'],
  notify: ['text', 'attribute of the message, for filter policies'],
} as const satisfies Readonly<Record<string, readonly [Kind, string]>>;

export type InputFlag = keyof typeof fields;
export const inputFlags: readonly InputFlag[] = Object.keys(fields).filter((name): name is InputFlag => name in fields);

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

const parsers: Readonly<Record<Kind, ((text: string) => unknown) | undefined>> = {
  text: undefined,
  number: toNumber,
  loras: toLoras,
  switch: undefined,
};

function toOption(field: InputFlag): Option {
  const [kind, about] = fields[field];
  const option = new Option(`--${toFlag(field)}${kind === 'switch' ? '' : ' <value>'}`, about);
  const parser = parsers[kind];
  return parser ? option.argParser(parser) : option;
}

/** Adds a flag for each field, or for those that are named. */
export function withJobFields(command: Command, names: readonly InputFlag[] = inputFlags): Command {
  for (const field of names) command.addOption(toOption(field));
  return command;
}

/** The fields among all options of a command. */
export const toFields = (options: object): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(options).filter(([name]) => name in fields));
