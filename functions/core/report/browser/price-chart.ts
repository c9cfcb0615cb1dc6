import type { PagePrices } from '../page-data.ts';
import { make, makeSvg } from './dom.ts';
import { describePool, toUsd } from './format.ts';

type Curve = PagePrices['curves'][number];

const width = 720;
const height = 240;
const edge = { left: 58, right: 12, top: 10, bottom: 26 };

interface Scales {
  readonly x: (time: number) => number;
  readonly y: (usd: number) => number;
  readonly top: number;
}

/** 1, 2 or 5 times a power of ten. */
function roundUp(value: number): number {
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 2.5, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

function toScales({ from, to, curves }: PagePrices): Scales {
  const top = roundUp(Math.max(...curves.flatMap(({ points }) => points.map(([, usd]) => usd))));
  return {
    top,
    x: (time) => edge.left + ((time - from) / (to - from)) * (width - edge.left - edge.right),
    y: (usd) => height - edge.bottom - (usd / top) * (height - edge.top - edge.bottom),
  };
}

/** A price holds until the next: steps, to the end of the chart. */
function toPath({ points }: Curve, { x, y }: Scales, to: number): string {
  const steps = points.map(([time, usd], index) =>
    index ? `H${x(time).toFixed(1)}V${y(usd).toFixed(1)}` : `M${x(time).toFixed(1)} ${y(usd).toFixed(1)}`,
  );
  return `${steps.join('')}H${x(to).toFixed(1)}`;
}

const dayName = (time: number) =>
  new Date(time).toLocaleDateString('en', { month: 'short', day: 'numeric', timeZone: 'UTC' });

function makeGrid({ from, to }: PagePrices, { x, y, top }: Scales): readonly SVGElement[] {
  const prices = [0, 0.25, 0.5, 0.75, 1].map((share) => share * top);
  const rows = prices.flatMap((usd) => [
    makeSvg('line', { class: 'grid', x1: edge.left, x2: width - edge.right, y1: y(usd), y2: y(usd) }),
    makeSvg('text', { x: edge.left - 6, y: y(usd) + 4, 'text-anchor': 'end' }, `$${Number(usd.toFixed(3))}`),
  ]);
  const dayMs = 86_400_000;
  const first = Math.ceil(from / dayMs) * dayMs;
  const days = Array.from({ length: Math.max(0, Math.ceil((to - first) / dayMs)) }, (_, i) => first + i * dayMs);
  const marks = days.map((day) => makeSvg('text', { x: x(day), y: height - 8, 'text-anchor': 'middle' }, dayName(day)));
  return [...rows, ...marks];
}

function describeCurve({ pool, points }: Curve): string {
  const prices = points.map(([, usd]) => usd);
  const last = prices.at(-1) ?? 0;
  return `${describePool(pool)}: ${toUsd(last)} an hour at the start of the job, ${toUsd(Math.min(...prices))} to ${toUsd(Math.max(...prices))} before`;
}

/** Step curves with a legend that says in words what they show. */
export function makePriceChart(prices: PagePrices): HTMLElement {
  const scales = toScales(prices);
  const curves = prices.curves.map((curve, index) =>
    makeSvg('path', { class: `curve curve-${index}`, d: toPath(curve, scales, prices.to) }),
  );
  const chart = makeSvg(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, class: 'prices', 'aria-hidden': 'true' },
    ...makeGrid(prices, scales),
    ...curves,
  );
  const legend = prices.curves.map((curve, index) =>
    make('li', {}, make('span', { class: `key curve-${index}` }), describeCurve(curve)),
  );
  return make(
    'figure',
    {},
    make('div', { class: 'chart' }, chart),
    make('figcaption', {}, make('ul', { class: 'legend' }, ...legend)),
  );
}
