import { createHash } from 'node:crypto';
import type { ManifestLine } from '../receipt/manifest.ts';
import type { Receipt } from '../receipt/receipt.ts';
import { pack } from './pack.ts';
import page from './page.json' with { type: 'json' };
import { escapeHtml, toFigures, toTitle } from './page-text.ts';
import { type ReportDetails, toPageData } from './to-page-data.ts';

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text, 'utf8').digest('base64')}'`;

/**
 * Nothing but the page's own script and style, and pictures that lie beside it. Through the gallery door a picture is a
 * redirect to the bucket.
 */
const policy = ({ layout }: ReportDetails) =>
  [
    "default-src 'none'",
    `script-src ${hashOf(page.script)}`,
    `style-src ${hashOf(page.style)}`,
    `img-src 'self' file: data:${layout === 'bucket' ? ' https://*.amazonaws.com https://*.amazonaws.com.cn' : ''}`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');

/** Readable by programs up to `packed`; no text in it can end the element. */
const toDataBlock = (receipt: Receipt, packed: string) =>
  JSON.stringify({ version: 1, jobId: receipt.jobId, status: receipt.status, packed }).replaceAll('<', '\\u003c');

/** The report of a job: one self-contained file, a frame with a block of data that its script (`report/browser/`) shows. */
export function renderReport(receipt: Receipt, manifest: readonly ManifestLine[], details: ReportDetails): string {
  const title = `${toTitle(receipt)}, job ${escapeHtml(receipt.jobId)}`;
  const { failure } = receipt;
  const failed = failure
    ? `<p class="failure"><strong>${escapeHtml(failure.error)}</strong>: ${escapeHtml(failure.cause)}</p>`
    : '';
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy(details)}">
<meta name="referrer" content="no-referrer"><meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">
<title>${title}</title><style>${page.style}</style></head>
<body><header><h1>${toTitle(receipt)} <span class="${receipt.status}">${receipt.status}</span></h1>
<p class="job">Job <code>${escapeHtml(receipt.jobId)}</code></p>${failed}
${toFigures(receipt)}</header>
<main id="main"><noscript><p>The images are shown by this page’s own script, which is off here. All of it is beside this page: manifest.jsonl, receipt.json.</p></noscript></main>
<script type="application/json" id="job">${toDataBlock(receipt, pack(toPageData(receipt, manifest, details)))}</script>
<script>${page.script}</script></body></html>
`;
}
