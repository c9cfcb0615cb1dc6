import { findModel, renderedModelIds } from '../functions/core/input/models.ts';
import { findInstanceType, instanceTypes, whyRefused } from '../functions/core/market/instance-types.ts';
import { fewestScoredTypes } from '../functions/core/market/kept-scores.ts';
import { listPools } from '../functions/core/market/pools.ts';
import { type Config, zonePrefix } from './config.ts';

/** AWS Batch allows this many compute environments and as many queues per account and region; it can't be raised. */
const mostPools = 50;

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

function checkModel({ defaultModel }: Config): readonly string[] {
  if (renderedModelIds.includes(defaultModel)) return [];
  return [`Expected \`defaultModel\` to be one of ${renderedModelIds.join(', ')}, got \`${defaultModel}\`.`];
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

/** With fewer AWS scores every zone low, and each choice of a pool would say that it has no scores. */
function checkScores({ placementScores, instanceTypes: names }: Config): readonly string[] {
  if (!placementScores || names.length >= fewestScoredTypes) return [];
  return [
    `Expected at least ${fewestScoredTypes} \`instanceTypes\` beside \`placementScores\`, got ${names.length}. ` +
      'To fix: name more types, or leave `placementScores` out.',
  ];
}

const checkTwice = (key: 'zones' | 'instanceTypes', names: readonly string[]) =>
  [...new Set(names.filter((name, index) => names.indexOf(name) !== index))].map(
    (name) => `Expected each of \`${key}\` once, got \`${name}\` more than once.`,
  );

function checkCount({ zones, instanceTypes: names }: Config): readonly string[] {
  const count = listPools(zones, names).length;
  if (count <= mostPools) return [];
  return [
    `Expected at most ${mostPools} pools (AWS Batch's limit of compute environments per account and region), got ${count}: ` +
      `${zones.length} zones x ${names.length} types, and per type one for any zone and one on demand. ` +
      'To fix: name fewer zones or types.',
  ];
}

/** Everything that is wrong with values that can be read, so that a deployer mends it at once. */
export function checkConfig(config: Config): readonly string[] {
  return [
    ...checkZones(config),
    ...checkTypes(config),
    ...checkModel(config),
    ...checkMemory(config),
    ...checkScores(config),
    ...checkTwice('zones', config.zones),
    ...checkTwice('instanceTypes', config.instanceTypes),
    ...checkCount(config),
  ];
}
