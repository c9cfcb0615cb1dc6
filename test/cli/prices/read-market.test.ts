import { describe, expect, it } from 'vitest';
import { drawPriceChart } from '../../../cli/prices/price-chart.ts';
import { quotePools } from '../../../cli/prices/quote-pools.ts';
import { readSyntheticMarket } from '../../../cli/prices/read-market.ts';
import { INSTANCE_TYPES } from '../../../local/market/published-prices.ts';
import { listPriceChanges } from '../../../local/market/walk.ts';

const to = Date.now();
const days = 60;
const period = { from: to - days * 86_400_000, to };

describe('the market behind `prices`', () => {
  it("reads every page of 60 days through the product's own adapter", async () => {
    const { spot, onDemand, region, gaps } = await readSyntheticMarket(INSTANCE_TYPES, period);
    const changes = listPriceChanges(1, {
      from: new Date(period.from),
      to: new Date(to),
      instanceTypes: INSTANCE_TYPES,
    });
    // A page holds 1,000.
    expect(changes.length).toBeGreaterThan(5000);
    const read = spot.reduce((sum, { points }) => sum + points.length, 0);
    // A change may come between the two looks at the clock.
    expect(Math.abs(read - changes.length)).toBeLessThanOrEqual(2);
    expect(spot).toHaveLength(25);
    expect(onDemand).toHaveLength(INSTANCE_TYPES.length);
    expect([region, gaps]).toEqual(['us-east-1', []]);
  });

  it('ranks as the product does: the cheapest image first, on demand as a fallback, what does not fit last with its reason', async () => {
    const market = await readSyntheticMarket(INSTANCE_TYPES, period);
    const pools = quotePools(market, 'flux-schnell', 500);
    expect(pools).toHaveLength(30);
    const costs = pools.flatMap(({ usdPerImage }) => usdPerImage ?? []);
    expect(costs).toEqual(costs.toSorted((a, b) => a - b));
    const t4 = pools.filter(({ gpu }) => gpu === 'T4');
    expect(t4.every(({ usdPerImage, reason }) => usdPerImage === undefined && reason?.includes('GPU memory'))).toBe(
      true,
    );
    expect(pools.slice(0, costs.length).some(({ gpu }) => gpu === 'T4')).toBe(false);
  });

  it('draws one panel per type and one line per pool, without anything from elsewhere', async () => {
    const market = await readSyntheticMarket(INSTANCE_TYPES, period);
    const pools = quotePools(market, 'sdxl', 500);
    const svg = await drawPriceChart({ pools, period, title: 'Prices <&>', subtitle: 'of a test' });
    expect(svg).toMatch(/^<svg /);
    for (const type of INSTANCE_TYPES) expect(svg).toContain(`${type} (`);
    expect(svg.match(/stroke-width="1.8"/g)).toHaveLength(25);
    expect(svg).toContain('Prices &lt;&amp;&gt;');
    expect(svg.replaceAll(/xmlns(:\w+)?="[^"]*"/g, '')).not.toMatch(/<script|<image|href|https?:|@import/);
  });
});
