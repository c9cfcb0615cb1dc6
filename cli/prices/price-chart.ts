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

/** One panel per instance type: their prices lie too far apart for one axis. */
function toOption({ pools, period, title, subtitle }: ChartFacts): EChartsCoreOption {
  const spot = pools.filter(({ market }) => market === 'spot');
  const types = [...new Set(spot.map(({ instanceType }) => instanceType))];
  const zones = [...new Set(spot.map(({ azId }) => azId))].toSorted();
  const named = types.map((type) => {
    const onDemand = pools.find(({ instanceType, market }) => instanceType === type && market === 'on-demand');
    const gpu = spot.find(({ instanceType }) => instanceType === type)?.gpu ?? '';
    return `${type} (${gpu})${onDemand ? `, on demand ${usd(onDemand.now)} an hour` : ''}`;
  });
  return {
    animation: false,
    useUTC: true,
    backgroundColor: '#ffffff',
    textStyle: { fontFamily: 'system-ui, sans-serif', color: text },
    title: [
      {
        text: title,
        subtext: subtitle,
        left: 24,
        top: 12,
        textStyle: { fontSize: 18 },
        subtextStyle: { color: text, lineHeight: 17 },
      },
      ...named.map((name, index) => ({
        text: name,
        left: 24,
        top: head + index * panel,
        textStyle: { fontSize: 13, fontWeight: 'bold' },
      })),
    ],
    legend: {
      data: [...zones],
      right: 24,
      top: 16,
      icon: 'rect',
      itemWidth: 14,
      itemHeight: 4,
      itemGap: 16,
      textStyle: { color: text },
    },
    grid: types.map((_, index) => ({ left: 76, right: 36, top: head + 28 + index * panel, height: plot })),
    xAxis: types.map((_, gridIndex) => ({
      type: 'time',
      gridIndex,
      min: period.from,
      max: period.to,
      axisLabel: { color: text, formatter: '{MMM} {d}', hideOverlap: true },
    })),
    yAxis: types.map((_, gridIndex) => ({
      type: 'value',
      gridIndex,
      scale: true,
      splitNumber: 3,
      axisLabel: { color: text, formatter: usd },
      splitLine: { lineStyle: { color: '#e5e5e5' } },
    })),
    series: spot.map(({ instanceType, azId, points, now }) => ({
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
    })),
  };
}

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
  const types = new Set(facts.pools.filter(({ market }) => market === 'spot').map(({ instanceType }) => instanceType));
  const chart = init(null, null, { renderer: 'svg', ssr: true, width, height: head + types.size * panel });
  try {
    chart.setOption(toOption(facts));
    return chart.renderToSVGString();
  } finally {
    chart.dispose();
  }
}
