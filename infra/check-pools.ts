import { findModel } from '../functions/core/input/models.ts';
import { findInstanceType, instanceTypes, whyRefused } from '../functions/core/market/instance-types.ts';
import { listPools } from '../functions/core/market/pools.ts';
import { type Config, zonePrefix } from './config.ts';

/** AWS Batch allows this many compute environments and as many queues per account and region; it can't be raised. */
export const mostPools = 50;

function checkZones({ zones, region, vpcId, subnets }: Config): readonly string[] {
  const prefix = zonePrefix(region);
  const strangers = zones.filter((zone) => !new RegExp(`^${prefix}-az\\d$`).test(zone));
  const without = vpcId ? zones.filter((zone) => !subnets?.[zone]) : [];
  return [
    ...strangers.map(
      (zone) => `Expected \`zones\` to hold AZ ids of ${region} such as \`${prefix}-az1\`, got \`${zone}\`.`,
    ),
    ...without.map((zone) => `Expected \`subnets\` to name a public subnet of \`${vpcId}\` in \`${zone}\`, got none.`),
    ...(subnets && !vpcId ? ['Expected `vpcId` beside `subnets`, got none.'] : []),
  ];
}

function checkTypes({ instanceTypes: names }: Config): readonly string[] {
  const known = instanceTypes.map((type) => type.name).join(', ');
  return names
    .filter((name) => !findInstanceType(name))
    .map((name) => {
      const why = whyRefused(name);
      return `Expected \`instanceTypes\` to be among ${known}, got \`${name}\`${why ? `: ${why}` : ''}.`;
    });
}

/** A default that no pool can render would fail each job, one by one. */
function checkMemory({ defaultModel, instanceTypes: names }: Config): readonly string[] {
  const { vramGib = 0 } = findModel(defaultModel) ?? {};
  const types = names.flatMap((name) => findInstanceType(name) ?? []);
  if (!types.length || types.some((type) => type.vramGib >= vramGib)) return [];
  const most = Math.max(...types.map((type) => type.vramGib));
  const enough = instanceTypes.filter((type) => type.vramGib >= vramGib).map(({ name }) => `\`${name}\``);
  return [
    `Expected \`instanceTypes\` to hold one with ${vramGib} GiB of GPU memory for \`defaultModel\` ${defaultModel}, ` +
      `got ${most} GiB at most. To fix: name one of ${enough.join(', ')}.`,
  ];
}

const checkTwice = (key: 'zones' | 'instanceTypes', names: readonly string[]) =>
  [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `Expected each of \`${key}\` once, got \`${name}\` more than once.`,
  );

/** Everything that is wrong with the table of pools, so that a deployer mends it at once. */
export function checkPools(config: Config): readonly string[] {
  const count = listPools(config.zones, config.instanceTypes).length;
  const tooMany =
    count > mostPools
      ? [
          `Expected at most ${mostPools} pools (AWS Batch's limit of compute environments per account and region), got ${count}: ` +
            `${config.zones.length} zones x ${config.instanceTypes.length} types, and per type one for any zone and one on demand. ` +
            'To fix: name fewer zones or types.',
        ]
      : [];
  return [
    ...checkZones(config),
    ...checkTypes(config),
    ...checkMemory(config),
    ...checkTwice('zones', config.zones),
    ...checkTwice('instanceTypes', config.instanceTypes),
    ...tooMany,
  ];
}
