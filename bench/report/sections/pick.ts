import { origin, table, thousands } from '../markdown.ts';
import { need, type Records } from '../records.ts';

const policies = ['ours', 'cheapest hour', 'static best pool', 'random', 'stale'];

export function renderPick(records: Records): string {
  const record = need(records, 'pick');
  const { terms, sets } = record.figures;
  const rows = Object.entries(sets).flatMap(([set, jobs]) =>
    jobs.map(({ images, policies: of, worstDayOverCheapestHour }) => [
      set,
      thousands(images),
      ...policies.map((name) => `${of[name]?.usdPer1000.toPrecision(4)} (${of[name]?.regret.toFixed(4)})`),
      worstDayOverCheapestHour.toFixed(3),
    ]),
  );
  const speeds = Object.entries(terms.speeds).map(([type, speed]) => `${type} ${speed}`);
  const recorded = `Prices of ${terms.from} to ${terms.until}; images/s: ${speeds.join(', ')}.`;
  const head = ['set', 'images', ...policies, 'worst day over cheapest hour'];
  return `${origin(record)}\n${recorded} USD per 1,000 images (cost over the oracle):\n\n${table(head, rows)}`;
}
