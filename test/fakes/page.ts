import { inflateRawSync } from 'node:zlib';
import type { PageData } from '../../functions/core/report/page-data.ts';

/** What the script of a report page is given. */
export function readPage(html: string): PageData {
  const block = /<script type="application\/json" id="job">(.*?)<\/script>/s.exec(html)?.[1];
  const { packed }: { readonly packed: string } = JSON.parse(block ?? '');
  return JSON.parse(inflateRawSync(Buffer.from(packed, 'base64')).toString());
}
