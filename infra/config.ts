import { RegionInfo } from 'aws-cdk-lib/region-info';
import { z } from 'zod';

/** What stands after "Expected `<key>` to be" where a value is refused. */
const expected = {
  text: 'a text that is not empty',
  list: 'texts that are not empty, with commas between them',
  flag: '`true` or `false`',
  amount: 'a number above 0',
  whole: 'a whole number above 0',
  entries: 'a JSON object of texts',
  email: 'a mail address',
  architecture: '`arm64` or `x86_64`',
  region: 'a region of AWS such as `us-east-1`',
};

const text = z.string(expected.text).min(1, expected.text);
/** `--context name=a,b` arrives as one text. */
const list = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
  z.array(z.string(expected.list).min(1, expected.list), expected.list).min(1, expected.list),
);
/** Numbers, flags and objects arrive as their JSON; what is none stays a text, which is then refused. */
const readText = (value: unknown) => {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
};
const flag = z.preprocess(readText, z.boolean(expected.flag));
const amount = z.preprocess(readText, z.number(expected.amount).positive(expected.amount));
const whole = z.preprocess(readText, z.int(expected.whole).positive(expected.whole));
const entries = z.preprocess(
  readText,
  z.record(z.string(), z.string(expected.entries).min(1, expected.entries), expected.entries),
);

/** CDK's list: a deploy to a region that is none would fail on the way, after minutes. */
const regions = RegionInfo.regions.flatMap(({ name, partition }) => (partition === 'aws' ? [name] : []));
const region = z.string(expected.region).refine((name) => regions.includes(name), expected.region);

/** What a deployer may set, in `cdk.json` under `spot-diffusion:<name>` or by `--context spot-diffusion:<name>=<value>`. */
export const configSchema = z.strictObject({
  region: region.default('us-east-1'),
  /** AZ ids: the same zone in every account. Default: the zones of the region that offer current GPU types. */
  zones: list.optional(),
  /** Default: single-GPU types of 4 vCPUs, which fit the first G quota that AWS grants. */
  instanceTypes: list.default(['g4dn.xlarge', 'g5.xlarge', 'g6.xlarge', 'g6e.xlarge']),
  /** One's own VPC, with the public subnet of each zone: `{"use1-az4":"subnet-…"}`. */
  vpcId: text.optional(),
  subnets: entries.optional(),
  defaultModel: text.default('sd-1.5'),
  /** Gets a mail per job and per alarm, once the subscription is confirmed. */
  email: z.email(expected.email).optional(),
  monthlyBudgetUsd: amount.default(50),
  /** vCPUs that one pool may start: a limit of the account's own beside the quota. */
  maxVcpusPerPool: whole.default(64),
  /** AWS limits the new sets of types that an account may have scored a day. */
  placementScores: flag.default(false),
  galleryDoor: flag.default(true),
  goldenAmi: flag.default(false),
  lambdaArchitecture: z.enum(['arm64', 'x86_64'], expected.architecture).default('arm64'),
  /** Prompts are private: the machine's log holds no inputs and outputs unless asked for. */
  logExecutionData: flag.default(false),
  logRetentionDays: whole.default(30),
});

export type Config = Readonly<z.infer<typeof configSchema>> & { readonly zones: readonly string[] };

export const contextPrefix = 'spot-diffusion:';

/** us-east-1 without use1-az3, which lacks current GPU types; elsewhere the first three. */
const zoneNumbers: Readonly<Record<string, readonly number[]>> = { 'us-east-1': [1, 2, 4, 5, 6] };

/** `us-east-1` to `use1`, `ap-northeast-2` to `apne2`: how the AZ ids of a region begin. */
export function zonePrefix(region: string): string {
  const [area = '', direction = '', number = ''] = region.split('-');
  const short = direction.replace(/^(north|south)(east|west)$/, (_, a: string, b: string) => `${a[0]}${b[0]}`);
  return `${area}${short.length === 2 ? short : short.slice(0, 1)}${number}`;
}

const defaultZones = (region: string) =>
  (zoneNumbers[region] ?? [1, 2, 3]).map((number) => `${zonePrefix(region)}-az${number}`);

/** A deployer's configuration, and what is wrong with it: a value that can't be read is left at its default. */
export interface ReadConfig {
  readonly config: Config;
  readonly problems: readonly string[];
}

/** @param context keys and values as CDK has them; those of others are not looked at */
export function readConfig(context: Readonly<Record<string, unknown>>): ReadConfig {
  const given = Object.entries(context).flatMap(([key, value]) =>
    key.startsWith(contextPrefix) ? [[key.slice(contextPrefix.length), value] as const] : [],
  );
  const raw = Object.fromEntries(given);
  const wrong = configSchema.safeParse(raw).error?.issues ?? [];
  const refused = new Set(wrong.flatMap((issue) => (issue.code === 'unrecognized_keys' ? issue.keys : issue.path[0])));
  const config = configSchema.parse(Object.fromEntries(given.filter(([name]) => !refused.has(name))));
  return {
    config: { ...config, zones: config.zones ?? defaultZones(config.region) },
    // Each wrong part of a list is an issue of its own.
    problems: [...new Set(wrong.flatMap((issue) => describe(issue, raw)))],
  };
}

function describe(issue: z.core.$ZodIssue, raw: Readonly<Record<string, unknown>>): readonly string[] {
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(configSchema.shape).join(', ');
    return issue.keys.map((key) => `Expected a key among ${known}, got \`${contextPrefix}${key}\`.`);
  }
  const [key = ''] = issue.path.map(String);
  const given = typeof raw[key] === 'string' ? raw[key] : JSON.stringify(raw[key]);
  return [`Expected \`${contextPrefix}${key}\` to be ${issue.message}, got \`${given}\`.`];
}
