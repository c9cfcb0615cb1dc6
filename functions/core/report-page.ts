import type { ManifestLine } from './manifest.ts';
import { describeReused, type Receipt } from './receipt.ts';
import { describeAttempt } from './settlement.ts';

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
export const escapeHtml = (text: string) =>
  text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);

const usd = (amount: number) => `$${amount.toFixed(4)}`;

const style = `
:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{margin:0 auto;max-width:72rem;padding:1rem}
h1{font-size:1.3rem}.images{display:grid;grid-template-columns:repeat(auto-fill,minmax(10rem,1fr));gap:1rem;padding:0}
figure{margin:0}img{width:100%;aspect-ratio:1;object-fit:contain;background:#8882;image-rendering:pixelated}
figcaption{font-size:.85rem;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%;display:block;overflow-x:auto}
td,th{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #8884}.failed{color:#c33}`;

function figure(line: ManifestLine, imageAt: (line: ManifestLine) => string): string {
  const prompt = escapeHtml(line.prompt);
  const facts = `seed ${line.seed}, ${line.width}x${line.height}, ${line.steps} steps${line.reused ? ', there already ($0)' : ''}`;
  if (line.status !== 'delivered') {
    return `<figure><figcaption dir="auto" class="failed">${prompt}<br><small>${escapeHtml(line.error ?? 'failed')}</small></figcaption></figure>`;
  }
  const image = escapeHtml(imageAt(line));
  return `<figure><a href="${image}"><img loading="lazy" src="${image}" alt="${prompt}"></a><figcaption dir="auto">${prompt}<br><small>${facts}</small></figcaption></figure>`;
}

function attemptRows(receipt: Receipt): string {
  return receipt.attempts
    .map(
      ({ shard, attempt, pool, outcome, endedAt, seconds, usd: cost, ...words }) =>
        `<tr><td>${shard}</td><td>${attempt}</td><td>${escapeHtml(pool)}</td><td>${escapeHtml(outcome)}</td><td>${escapeHtml(endedAt?.slice(0, 16) ?? '')}</td><td>${seconds.toFixed(0)} s</td><td>${usd(cost)}</td><td>${escapeHtml(describeAttempt(words))}</td></tr>`,
    )
    .join('\n');
}

/**
 * The report of a job: one self-contained file without scripts or external requests.
 * @param imageAt where an image lies as seen from the page, as a relative URL
 */
export function renderReport(
  receipt: Receipt,
  manifest: readonly ManifestLine[],
  imageAt: (line: ManifestLine) => string,
): string {
  const title = `${receipt.delivered} of ${receipt.images} images, job ${escapeHtml(receipt.jobId)}`;
  const failure = receipt.failure
    ? `<p class="failed"><strong>${escapeHtml(receipt.failure.error)}</strong>: ${escapeHtml(receipt.failure.cause)}</p>`
    : '';
  const planned = receipt.plannedUsd
    ? ` Planned for AWS: ${usd(receipt.plannedUsd.p50)} on Spot, ${usd(receipt.plannedUsd.onDemand)} on demand.`
    : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title><style>${style}</style></head>
<body><main><h1>${title}</h1>${failure}
<p>${receipt.simulated ? 'Simulated on this machine, nothing was paid. On AWS these seconds would have cost' : 'Cost'} ${usd(receipt.usd)} (${usd(receipt.usdPerImage)} an image), ${receipt.savingPercent} % less than on demand.${planned} ${receipt.reused ? `${describeReused(receipt)}.` : ''}</p>
<section class="images">
${manifest.map((line) => figure(line, imageAt)).join('\n')}
</section>
<h2>Attempts</h2>
<table><thead><tr><th>Shard</th><th>Attempt</th><th>Pool</th><th>Outcome</th><th>Ended, UTC</th><th>Ran</th><th>Cost</th><th>Reason</th></tr></thead>
<tbody>${attemptRows(receipt)}</tbody></table>
</main></body></html>
`;
}
