import { origin, table, thousands } from '../markdown.ts';
import { need, type Records } from '../records.ts';

const shownJobs = 6;

export function renderLearn(records: Records): string {
  const record = need(records, 'learn');
  const large = need(records, 'learn-20000');
  const { terms, picking, withPilots } = record.figures;
  const rowsOf = (of: typeof picking, largeOf: typeof picking, suffix: string) =>
    Object.entries(of).map(([wrong, { regret, fromFourthJob }]) => [
      `${wrong === 'none' ? 'right' : wrong}${suffix}`,
      ...regret.slice(0, shownJobs).map((value) => value.toFixed(3)),
      fromFourthJob.toFixed(3),
      largeOf[wrong]?.fromFourthJob.toFixed(3) ?? '',
    ]);
  const jobs = Array.from({ length: shownJobs }, (_, index) => String(index + 1));
  const head = [
    'listed speeds',
    ...jobs,
    'from the 4th',
    `from the 4th, ${thousands(large.figures.terms.images)} images`,
  ];
  const rows = [
    ...rowsOf(picking, large.figures.picking, ''),
    ...rowsOf(withPilots, large.figures.withPilots, ', with pilots'),
  ];
  const what =
    `Listed speeds ${terms.off} times off for half of the GPUs, ${terms.worlds} worlds, ${thousands(terms.images)} images a job, ` +
    `${terms.concurrency} shards at once:`;
  return `${origin(record)}\n${origin(large)}\n${what}\n\n${table(head, rows)}`;
}
