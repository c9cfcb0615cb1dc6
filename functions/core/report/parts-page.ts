import { createHash } from 'node:crypto';
import type { PartLine, Receipt } from '../receipt/receipt.ts';
import page from './page.json' with { type: 'json' };
import { escapeHtml, toFigures, toTitle } from './page-text.ts';

const styleHash = createHash('sha256').update(page.style, 'utf8').digest('base64');
const policy = `default-src 'none'; style-src 'sha256-${styleHash}'; base-uri 'none'; form-action 'none'`;

/** Where the parts lie: beside this page's folder in the bucket and below the same door, or in the folder of a person. */
export type PartsLayout = 'bucket' | 'folder';

const linkTo = ({ jobId }: PartLine, layout: PartsLayout) =>
  `${layout === 'bucket' ? '..' : '.'}/${encodeURIComponent(jobId)}/report.html`;

function toRow(part: PartLine, index: number, layout: PartsLayout): string {
  const name = escapeHtml(part.jobId);
  const named = part.status === 'not closed' ? name : `<a href="${linkTo(part, layout)}">${name}</a>`;
  const cells = [
    String(index + 1),
    named,
    part.status,
    `${part.delivered} of ${part.images}`,
    `$${part.usd.toFixed(4)}`,
  ];
  return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
}

/** The report of a job in parts: its sums, and a link to the report of each part, which shows the pictures. No script. */
export function renderPartsReport(receipt: Receipt, layout: PartsLayout = 'bucket'): string {
  const { parts = [], failure } = receipt;
  const failed = failure
    ? `<p class="failure"><strong>${escapeHtml(failure.error)}</strong>: ${escapeHtml(failure.cause)}</p>`
    : '';
  const head = ['Part', 'Report', 'Status', 'Images', 'Cost'].map((name) => `<th>${name}</th>`).join('');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<title>${toTitle(receipt)}, job ${escapeHtml(receipt.jobId)}</title><style>${page.style}</style></head>
<body><header><h1>${toTitle(receipt)} <span class="${receipt.status}">${receipt.status}</span></h1>
<p class="job">Job <code>${escapeHtml(receipt.jobId)}</code>, rendered in ${parts.length} parts</p>${failed}
${toFigures(receipt)}</header>
<main><table><thead><tr>${head}</tr></thead><tbody>${parts.map((part, index) => toRow(part, index, layout)).join('\n')}</tbody></table></main></body></html>
`;
}
