import { EC2Client } from '@aws-sdk/client-ec2';
import { makeEc2SpotMarket } from '../../functions/adapters/ec2-spot-market.ts';
import type { Job } from '../../functions/core/input/job.ts';
import { instanceTypes } from '../../functions/core/market/instance-types.ts';
import { emptyOutlook, type Outlook } from '../../functions/core/market/outlook.ts';
import { listPools, poolId } from '../../functions/core/market/pools.ts';
import { pickPool } from '../../functions/core/pick/pick-pool.ts';
import { untried } from '../../functions/core/shard/attempt.ts';
import { makeRandom } from '../replay/random.ts';
import { recipe, workOf } from '../replay/reference.ts';

const zones = ['use1-az1', 'use1-az2', 'use1-az4', 'use1-az5', 'use1-az6'];
const names = instanceTypes.map(({ name }) => name);
const day = 86_400_000;
const days = 90;
/** About how often the price of a GPU type moves. */
const changesADay = 4;
const end = Date.parse('2026-11-01T00:00:00Z');

/** As EC2 sends it. */
interface Row {
  readonly AvailabilityZoneId: string;
  readonly InstanceType: string;
  readonly SpotPrice: string;
  readonly Timestamp: Date;
}

/** Drawn change points of ten types in five zones: of each pool, newest first, as EC2 sends them. */
function makeHistory(random: () => number): readonly (readonly Row[])[] {
  return instanceTypes.flatMap(({ name, onDemandUsdPerHour }) =>
    zones.map((azId) => {
      const sinceLast = random();
      return Array.from({ length: days * changesADay }, (_, change): Row => {
        const usd = onDemandUsdPerHour * (0.3 + 0.2 * random());
        const at = new Date(end - ((change + sinceLast) * day) / changesADay);
        return { AvailabilityZoneId: azId, InstanceType: name, SpotPrice: usd.toFixed(6), Timestamp: at };
      });
    }),
  );
}

/** Of a pool the last change before that time, and those after it. */
function changesFrom(from: Date, pool: readonly Row[]): readonly Row[] {
  const before = pool.findIndex(({ Timestamp }) => Timestamp <= from);
  return before < 0 ? pool : pool.slice(0, before + 1);
}

/** EC2's answer without EC2: pages of 1,000 rows, as it has them. */
function clientOf(history: readonly (readonly Row[])[], onRows: (count: number) => void): EC2Client {
  const send = async ({ input }: { input: { StartTime: Date; NextToken?: string } }) => {
    const rows = history.flatMap((pool) => changesFrom(input.StartTime, pool));
    onRows(rows.length);
    const from = Number(input.NextToken ?? 0);
    const next = from + 1000;
    return { SpotPriceHistory: rows.slice(from, next), ...(next < rows.length ? { NextToken: String(next) } : {}) };
  };
  return Object.assign(new EC2Client({ region: 'us-east-1' }), { send });
}

const job: Job = {
  jobId: 'bench',
  startedAt: new Date(end).toISOString(),
  mode: 'run',
  images: 500,
  duplicates: 0,
  models: [recipe.model],
  onDemand: 'fallback',
  sameGpu: false,
  notify: 'never',
};

const pools = listPools(zones, names);

/** A ledger that knows every pool, so that nothing is cheap to look up. */
function makeOutlook(): Omit<Outlook, 'spotPrices'> {
  return {
    ...emptyOutlook,
    types: instanceTypes,
    onDemandPrices: instanceTypes.map(({ name, onDemandUsdPerHour }) => {
      return { instanceType: name, usdPerHour: onDemandUsdPerHour };
    }),
    speeds: names.map((instanceType) => {
      return { model: recipe.model, size: '512x512', instanceType, secondsPerStep: 0.1, loadSeconds: 20, weight: 2 };
    }),
    records: pools.map((pool) => {
      return { pool: poolId(pool), hours: 20, losses: 3, refusals: 1, successes: 9, bootSeconds: 200 };
    }),
    advisor: names.map((instanceType) => ({ instanceType, band: 2 as const })),
    scores: zones.map((azId, index) => ({ azId, score: index + 1 })),
  };
}

interface Timed {
  /** Rows that EC2 answers. */
  readonly points: number;
  readonly pools: number;
  readonly milliseconds: readonly number[];
}

/** Milliseconds of each decision, from EC2's rows to the picked pool. */
export async function timeDecisions(runs: number): Promise<Timed> {
  let points = 0;
  const client = clientOf(makeHistory(makeRandom(1)), (count) => {
    points = count;
  });
  const market = makeEc2SpotMarket(client, () => end);
  const known = makeOutlook();
  const milliseconds: number[] = [];
  for (let run = 0; run < runs; run++) {
    const before = performance.now();
    const outlook = { ...known, spotPrices: await market.currentPrices(names) };
    pickPool({ job, shard: 0, attempt: 1, work: workOf(500), tried: untried, outlook, now: end }, pools);
    milliseconds.push(performance.now() - before);
  }
  return { points, pools: zones.length * names.length, milliseconds };
}
