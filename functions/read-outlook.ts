import type { Clock } from './core/clock.ts';
import { ServiceUnavailable } from './core/errors.ts';
import type { Learned } from './core/learn/learned.ts';
import { assembleOutlook } from './core/market/assemble-outlook.ts';
import type { ClosedPools } from './core/market/closed-pool.ts';
import { type Answer, describeProblem } from './core/market/gap.ts';
import type { ReadOutlook, SpotPrice } from './core/market/outlook.ts';
import type {
  InstanceFacts,
  InstanceUse,
  OnDemandMarket,
  PlacementScores,
  Quotas,
  SpotMarket,
} from './core/market/ports.ts';
import { listQuotas, type QuotaOfMarket } from './core/market/quota-room.ts';
import { remember } from './core/market/remember.ts';
import { nameTrouble } from './core/service-trouble.ts';
import type { Slots } from './core/slots/slot-request.ts';

export interface ReadOutlookDeps {
  readonly region: string;
  readonly spot: SpotMarket;
  readonly onDemand: OnDemandMarket;
  readonly facts: InstanceFacts;
  readonly quotas: Quotas;
  readonly instanceUse: Pick<InstanceUse, 'othersVcpus'>;
  readonly closedPools: ClosedPools;
  readonly learned: Pick<Learned, 'all'>;
  readonly slots: Pick<Slots, 'held'>;
  /** Absent: not wanted. */
  readonly scores?: PlacementScores;
  readonly clock: Clock;
  /** How long a source may take. */
  readonly patienceMs?: number;
}

/** Room for a throttled call to be tried again: a choice that lacks a source is better than none. */
const defaultPatienceMs = 10_000;
/** Prices and sizes change over months, a quota when somebody asked for more. */
const sixHours = 6 * 3600;
const tenMinutes = 600;

/** @throws ServiceUnavailable where there is no answer in time */
async function inTime<T>(patienceMs: number, reading: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new ServiceUnavailable(`no answer in ${patienceMs / 1000} s`)), patienceMs);
  try {
    return await Promise.race([reading, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** Everything that is known at the moment of a choice, read at once. Each source may fail alone: the outlook says so. */
export function makeReadOutlook(deps: ReadOutlookDeps): ReadOutlook {
  const { region, clock, patienceMs = defaultPatienceMs } = deps;
  const readOnDemand = remember(deps.onDemand.currentPrices, clock, sixHours);
  const readFacts = remember(deps.facts.describe, clock, sixHours);
  const readQuota = remember(deps.quotas.vcpus, clock, tenMinutes);
  const ask = <T>(reading: Promise<T>): Promise<Answer<T>> =>
    inTime(patienceMs, reading).then(
      (value) => ({ value }),
      (error: unknown) => ({ problem: describeProblem(error) }),
    );

  /** Without Spot prices every Spot pool looks unfit: what passes is no gap, the state is tried again. */
  async function askSpot(names: readonly string[]): Promise<Answer<readonly SpotPrice[]>> {
    try {
      return { value: await inTime(patienceMs, deps.spot.currentPrices(names)) };
    } catch (error) {
      const named = nameTrouble(error);
      if (named instanceof ServiceUnavailable) throw named;
      return { problem: describeProblem(error) };
    }
  }

  async function askQuota({ quota, market }: QuotaOfMarket) {
    const [have, others] = await Promise.all([
      ask(readQuota(quota.code)),
      ask(deps.instanceUse.othersVcpus(market, quota.counts)),
    ]);
    return { quota, market, have, others };
  }

  return async (names) => {
    const [spot, onDemand, facts, learned, closed, slots, scores, quotas] = await Promise.all([
      askSpot(names),
      ask(readOnDemand(names)),
      ask(readFacts(names)),
      ask(deps.learned.all()),
      ask(deps.closedPools.list()),
      ask(deps.slots.held()),
      deps.scores && ask(deps.scores.ofZones(names)),
      Promise.all(listQuotas(names).map(askQuota)),
    ]);
    return assembleOutlook(names, region, { spot, onDemand, facts, learned, closed, slots, scores, quotas });
  };
}
