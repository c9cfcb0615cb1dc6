import type { EChartsCoreOption } from 'echarts/core';
import type { Period } from './pool-prices.ts';
import type { PricedPool } from './quote-pools.ts';

/** Okabe and Ito's colours, which people with colour blindness tell apart; more zones than these begin again. */
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000'] as const;
const width = 960;
const head = 96;
const panel = 190;
const plot = 120;
const text = '#333333';

export interface ChartFacts {
  readonly pools: readonly PricedPool[];
  readonly period: Period;
  readonly title: string;
  readonly subtitle: string;
}

const usd = (value: number) => `$${value.toFixed(2)}`;

const spotOf = (pools: readonly PricedPool[]) => pools.filter(({ market }) => market === 'spot');
const typesOf = (pools: readonly PricedPool[]) => [...new Set(spotOf(pools).map(({ instanceType }) => instanceType))];
const zonesOf = (pools: readonly PricedPool[]) => [...new Set(spotOf(pools).map(({ azId }) => azId))].toSorted();

function nameOf(type: string, pools: readonly PricedPool[]): string {
  const ofType = pools.filter(({ instanceType }) => instanceType === type);
  const onDemand = ofType.find(({ market }) => market === 'on-demand');
  const gpu = spotOf(ofType)[0]?.gpu ?? '';
  return `${type} (${gpu})${onDemand ? `, on demand ${usd(onDemand.now)} an hour` : ''}`;
}

function toTitles({ pools, title, subtitle }: ChartFacts) {
  const ofChart = {
    text: title,
    subtext: subtitle,
    left: 24,
    top: 12,
    textStyle: { fontSize: 18 },
    subtextStyle: { color: text, lineHeight: 17 },
  };
  const ofPanels = typesOf(pools).map((type, index) => ({
    text: nameOf(type, pools),
    left: 24,
    top: head + index * panel,
    textStyle: { fontSize: 13, fontWeight: 'bold' },
  }));
  return [ofChart, ...ofPanels];
}

/** One panel per instance type: their prices lie too far apart for one axis. */
const toPanels = ({ pools, period }: ChartFacts) => ({
  grid: typesOf(pools).map((_, index) => ({ left: 76, right: 36, top: head + 28 + index * panel, height: plot })),
  xAxis: typesOf(pools).map((_, gridIndex) => ({
    type: 'time',
    gridIndex,
    min: period.from,
    max: period.to,
    axisLabel: { color: text, formatter: '{MMM} {d}', hideOverlap: true },
  })),
  yAxis: typesOf(pools).map((_, gridIndex) => ({
    type: 'value',
    gridIndex,
    scale: true,
    splitNumber: 3,
    axisLabel: { color: text, formatter: usd },
    splitLine: { lineStyle: { color: '#e5e5e5' } },
  })),
});

function toLines({ pools, period }: ChartFacts) {
  const [types, zones] = [typesOf(pools), zonesOf(pools)];
  return spotOf(pools).map(({ instanceType, azId, points, now }) => ({
    type: 'line',
    name: azId,
    xAxisIndex: types.indexOf(instanceType),
    yAxisIndex: types.indexOf(instanceType),
    // A price holds until the next: steps, and the last one up to now.
    step: 'end',
    showSymbol: false,
    lineStyle: { width: 1.8 },
    color: colours[zones.indexOf(azId) % colours.length],
    data: [...points, [period.to, now]],
  }));
}

const toOption = (facts: ChartFacts): EChartsCoreOption => ({
  animation: false,
  useUTC: true,
  backgroundColor: '#ffffff',
  textStyle: { fontFamily: 'system-ui, sans-serif', color: text },
  title: toTitles(facts),
  legend: {
    data: zonesOf(facts.pools),
    right: 24,
    top: 16,
    icon: 'rect',
    itemWidth: 14,
    itemHeight: 4,
    itemGap: 16,
    textStyle: { color: text },
  },
  ...toPanels(facts),
  series: toLines(facts),
});

/**
 * One SVG without scripts or files from elsewhere. By ECharts: three packages and no imitation of a browser, where Observable
 * Plot needs one (62 packages) and Vega some thirty. Loaded when it is drawn: that takes half a second.
 */
export async function drawPriceChart(facts: ChartFacts): Promise<string> {
  const [{ init, use }, { LineChart }, components, { SVGRenderer }] = await Promise.all([
    import('echarts/core'),
    import('echarts/charts'),
    import('echarts/components'),
    import('echarts/renderers'),
  ]);
  use([LineChart, components.GridComponent, components.LegendComponent, components.TitleComponent, SVGRenderer]);
  const height = head + typesOf(facts.pools).length * panel;
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height });
  try {
    chart.setOption(toOption(facts));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
