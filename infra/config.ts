import { z } from 'zod';

const text = z.string().min(1);
/** `--context name=a,b` arrives as one text. */
const list = z.preprocess(
  (value) => (typeof value === 'string' ? value.split(',').map((part) => part.trim()) : value),
  z.array(text).min(1),
);
const flag = z.preprocess((value) => (typeof value === 'string' ? value === 'true' : value), z.boolean());
const amount = z.preprocess((value) => (typeof value === 'string' ? Number(value) : value), z.number().positive());
const entries = z.preprocess(
  (value) => (typeof value === 'string' ? JSON.parse(value) : value),
  z.record(z.string(), text),
);

/** What a deployer may set, in `cdk.json` under `spot-diffusion:<name>` or by `--context spot-diffusion:<name>=<value>`. */
export const configSchema = z.strictObject({
  region: text.default('us-east-1'),
  /** AZ ids: the same zone in every account. Default: the zones of the region that offer current GPU types. */
  zones: list.optional(),
  /** Default: single-GPU types of 4 vCPUs, which fit the first G quota that AWS grants. */
  instanceTypes: list.default(['g4dn.xlarge', 'g5.xlarge', 'g6.xlarge', 'g6e.xlarge']),
  /** One's own VPC, with the public subnet of each zone: `{"use1-az4":"subnet-…"}`. */
  vpcId: text.optional(),
  subnets: entries.optional(),
  defaultModel: text.default('sd-1.5'),
  /** Gets a mail per job and per alarm, once the subscription is confirmed. */
  email: z.email().optional(),
  monthlyBudgetUsd: amount.default(50),
  /** vCPUs that one pool may start: a limit of the account's own beside the quota. */
  maxVcpusPerPool: amount.default(64),
  galleryDoor: flag.default(true),
  goldenAmi: flag.default(false),
  lambdaArchitecture: z.enum(['arm64', 'x86_64']).default('arm64'),
  /** Prompts are private: the machine's log holds no inputs and outputs unless asked for. */
  logExecutionData: flag.default(false),
  logRetentionDays: amount.default(30),
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

/** @param read the value of a context key; undefined where it is not set */
export function readConfig(read: (key: string) => unknown): Config {
  const names = Object.keys(configSchema.shape);
  const given = names.flatMap((name) => {
    const value = read(`${contextPrefix}${name}`);
    return value === undefined ? [] : [[name, value]];
  });
  const parsed = configSchema.safeParse(Object.fromEntries(given));
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      (issue) => `\`${contextPrefix}${issue.path.join('.')}\`: ${issue.message}`,
    );
    throw new TypeError(`Expected a configuration that can be read, got problems: ${problems.join('; ')}`);
  }
  return { ...parsed.data, zones: parsed.data.zones ?? defaultZones(parsed.data.region) };
}
