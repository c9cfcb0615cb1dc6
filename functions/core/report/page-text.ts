import { describeReused, type Receipt } from '../receipt/receipt.ts';

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

/** `3 of 4 images` */
export const toTitle = ({ delivered, images }: Pick<Receipt, 'delivered' | 'images'>) =>
  `${delivered} of ${images} image${images === 1 ? '' : 's'}`;

/** `1 h 5 min`, `12 min`, `40 s` */
function describeTime(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

function describeSaving({ savingPercent, onDemandUsd }: Receipt): string {
  if (!onDemandUsd) return 'nothing ran';
  return `${Math.abs(savingPercent)} % ${savingPercent < 0 ? 'more' : 'less'}`;
}

/** What a job cost, in figures: also for who sees the page without its script. */
export function toFigures(receipt: Receipt): string {
  const figures: readonly (readonly [string, string])[] = [
    [receipt.simulated ? 'would have cost on AWS' : 'paid', usd(receipt.usd)],
    ['an image', `${Number((receipt.usdPerImage * 100).toFixed(4))} ¢`],
    ['than on demand', describeSaving(receipt)],
    ['from start to end', describeTime(Date.parse(receipt.closedAt) - Date.parse(receipt.startedAt))],
  ];
  const items = figures.map(([name, value]) => `<li><strong>${value}</strong> ${name}</li>`).join('');
  const notes = [
    receipt.simulated ? 'Simulated on this machine: nothing was paid.' : '',
    receipt.failed ? `${receipt.failed} failed.` : '',
    receipt.blocked ? `${receipt.blocked} blocked by the safety policy.` : '',
    receipt.reused ? `${describeReused(receipt)}.` : '',
  ];
  const note = notes.filter(Boolean).join(' ');
  return `<ul class="figures">${items}</ul>${note ? `<p class="note">${note}</p>` : ''}`;
}
