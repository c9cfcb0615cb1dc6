import type { InstanceFact } from '../../functions/core/market/instance-facts.ts';
import { driverGib } from '../../functions/core/market/instance-facts.ts';
import { instanceTypes } from '../../functions/core/market/instance-types.ts';
import type { PlacementScore } from '../../functions/core/market/outlook.ts';
import type {
  InstanceFacts,
  OnDemandMarket,
  PlacementScores,
  Scored,
  ScoreMemory,
} from '../../functions/core/market/ports.ts';
import type { ReadOutlookDeps } from '../../functions/read-outlook.ts';
import { makeFakeClock } from './clock.ts';
import { makeFakeClosedPools } from './closed-pools.ts';
import { makeFakeMarket } from './spot-market.ts';

const loud = (names: readonly string[]) => {
  if (!names.length) throw new TypeError('Expected instance types: AWS answers for all when none is named');
};

/** USD per hour by type. */
export function makeFakeOnDemand(usdPerHour: Readonly<Record<string, number>>): OnDemandMarket {
  return {
    currentPrices: async (names) => {
      loud(names);
      return names.flatMap((instanceType) => {
        const usd = usdPerHour[instanceType];
        return usd === undefined ? [] : [{ instanceType, usdPerHour: usd }];
      });
    },
  };
}

export function makeFakeFacts(facts: readonly InstanceFact[]): InstanceFacts {
  return {
    describe: async (names) => {
      loud(names);
      return facts.filter((fact) => names.includes(fact.name));
    },
  };
}

export interface FakeScores extends PlacementScores {
  /** What was asked for. */
  readonly asked: (readonly string[])[];
}

export function makeFakeScores(scores: readonly PlacementScore[]): FakeScores {
  const asked: (readonly string[])[] = [];
  return {
    asked,
    ofZones: async (names) => {
      asked.push(names);
      return scores;
    },
  };
}

export function makeFakeScoreMemory(): ScoreMemory {
  const kept = new Map<string, Scored>();
  return {
    find: async (names) => kept.get(names.join()),
    write: async (names, scored) => {
      if (Number.isNaN(Date.parse(scored.until))) throw new TypeError('Expected a time');
      kept.set(names.join(), scored);
    },
  };
}

/** Our table as AWS tells it. */
const listed = Object.fromEntries(instanceTypes.map((type) => [type.name, type.onDemandUsdPerHour]));
const listedFacts = instanceTypes.map(
  ({ vramGib, ...type }): InstanceFact => ({ ...type, gpus: 1, reportedGib: vramGib + driverGib }),
);

/** Sources that all answer: AWS says what our table says, quotas have 64 vCPUs, nothing is used, learned or closed. */
export function outlookSources(over: Partial<ReadOutlookDeps> = {}): ReadOutlookDeps {
  const clock = makeFakeClock();
  return {
    region: 'us-east-1',
    spot: makeFakeMarket([]),
    onDemand: makeFakeOnDemand(listed),
    facts: makeFakeFacts(listedFacts),
    quotas: { vcpus: async () => 64 },
    instanceUse: { othersVcpus: async () => 0 },
    closedPools: makeFakeClosedPools(clock.now),
    learned: { all: async () => ({ speeds: [], records: [] }) },
    slots: { held: async () => ({ vcpus: {}, idle: [] }) },
    clock,
    ...over,
  };
}
