import { origin, thousands } from '../markdown.ts';
import { need, type Records } from '../records.ts';

export function renderMutation(records: Records): string {
  const record = need(records, 'mutation');
  const { date, mutants, noticed, changedFiles, files } = record.figures;
  const share = ((noticed / mutants) * 100).toFixed(1);
  const since = changedFiles ? ` ${changedFiles} of its ${files} files changed since.` : '';
  return (
    `${origin(record)}\nThe report of ${date}: ${thousands(mutants)} mutants of \`functions/core\` (those at the top of a module, in ` +
    `tables and schemas, left out), ${share} % of them noticed by a test.${since}\n`
  );
}
