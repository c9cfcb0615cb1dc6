import { duration } from '../duration.ts';
import { describeReused, type Receipt } from '../receipt/receipt.ts';
import { describeEnd } from '../settle/settlement.ts';
import type { Pause } from '../shard/pause.ts';
import { requeueKey } from '../storage/keys.ts';
import { toChatMessage } from './chat-message.ts';
import { executionLink } from './console-links.ts';
import { reportKey } from './gallery.ts';
import { longestWaits } from './longest-waits.ts';
import type { ReportLink } from './open-door.ts';

export interface Notification {
  readonly subject: string;
  readonly message: string;
  /** For subscribers over HTTPS: JSON that chats show (`chat-message.ts`). */
  readonly chat: string;
}

/** What the receipt does not know. */
export interface NotificationFacts {
  readonly report?: ReportLink;
  /** ARN; absent: the console knows no such execution. */
  readonly execution?: string;
  readonly pauses?: readonly Pause[];
  /** Pictures that are none, with the reason. */
  readonly unreadable?: readonly string[];
}

const mostAttempts = 5;
const longestMessage = 8000;
const longestCause = 3000;
const longestReason = 160;

const usd = (amount: number) => `$${amount.toFixed(amount > 0 && amount < 0.1 ? 4 : 2)}`;
const oneLine = (text: string, most: number) => text.replaceAll(/\s+/g, ' ').trim().slice(0, most);
/** SNS subjects are ASCII, one line, under 100 characters. */
const toSubject = (text: string) => text.replaceAll(/[^\x20-\x7e]/g, '?').slice(0, 99);
/** SNS refuses a message with half a character or with control characters, and a job would end unheard. */
const toMessage = (text: string) =>
  text
    .replaceAll(/(?!\n)\p{Cc}/gu, ' ')
    .slice(0, longestMessage)
    .toWellFormed();
/** The same for the value of a message attribute, which also must not be empty. */
export const toAttribute = (value: string | undefined, otherwise: string) =>
  (value ?? '').replaceAll(/\p{Cc}/gu, ' ').toWellFormed() || otherwise;

export const toBucketLink = (bucket: string, jobId: string): ReportLink => ({
  url: `s3://${bucket}/${reportKey(jobId)}`,
});

const countOf = ({ images, delivered }: Receipt) =>
  images ? `${delivered} of ${images} image${images === 1 ? '' : 's'}` : 'nothing was rendered';

const isDearer = ({ savingPercent }: Receipt) => savingPercent < 0;

function savingOf(receipt: Receipt): string {
  const percent = Math.abs(receipt.savingPercent);
  return isDearer(receipt) ? `${percent} % dearer` : `saved ${percent} %`;
}

/** The status first, the job's name last: a phone shows forty characters. */
function subjectOf(receipt: Receipt): string {
  const { jobId, failure, blocked, simulated } = receipt;
  const cost = receipt.usd ? `, ${usd(receipt.usd)}${simulated ? ' simulated' : ''}, ${savingOf(receipt)}` : '';
  const kept = blocked ? `, ${blocked} blocked` : '';
  const status = failure ? `Failed: ${failure.error}, ` : 'Delivered: ';
  return `[spot-diffusion] ${status}${countOf(receipt)}${kept}${cost} (${jobId})`;
}

function statusLine(receipt: Receipt): string {
  const { jobId, failure, blocked, reused, schedule } = receipt;
  const night = schedule ? ` of schedule ${schedule.name}` : '';
  const count = receipt.images ? `${countOf(receipt)} delivered` : countOf(receipt);
  const kept = blocked ? `, ${blocked} blocked by the safety policy` : '';
  return `Job ${jobId}${night} ${failure ? 'failed' : 'is done'}: ${count}${kept}.${reused ? ` ${describeReused(receipt)}.` : ''}`;
}

function costLine(receipt: Receipt): string {
  const what = receipt.simulated ? 'Simulated cost' : 'Cost';
  if (!receipt.usd) return `${what} $0.`;
  return `${what} ${usd(receipt.usd)} (${usd(receipt.usdPerImage)} an image); on demand ${usd(receipt.onDemandUsd)}; ${savingOf(receipt)}.`;
}

/** How many ended how; a line for each of the last that went wrong or was where it was for a reason. */
function attemptLines({ attempts }: Receipt): readonly string[] {
  if (!attempts.length) return [];
  const counts = [...Map.groupBy(attempts, ({ outcome }) => outcome)].map(([outcome, of]) => `${of.length} ${outcome}`);
  const special = attempts.filter(({ outcome, note }) => outcome !== 'Succeeded' || note);
  const lines = special.slice(-mostAttempts).map((attempt) => {
    const words = [attempt.outcome, oneLine(describeEnd(attempt), longestReason)].filter(Boolean);
    return `  ${attempt.pool}: ${words.join(', ')}`;
  });
  return [`Attempts: ${attempts.length} (${counts.join(', ')})`, ...lines];
}

/** One line, and one for each of the first that did not deliver all of its images. */
function partLines({ parts = [] }: Receipt): readonly string[] {
  if (!parts.length) return [];
  const counts = [...Map.groupBy(parts, ({ status }) => status)].map(([status, of]) => `${of.length} ${status}`);
  const special = parts.filter(({ status }) => status !== 'delivered').slice(0, mostAttempts);
  const lines = special.map(
    ({ jobId, status, images, delivered }) => `  ${jobId}: ${status}, ${delivered} of ${images}`,
  );
  return [`Parts: ${parts.length} (${counts.join(', ')})`, ...lines];
}

function waitLines({ attempts }: Receipt, pauses: readonly Pause[]): readonly string[] {
  const waits = longestWaits(attempts, pauses);
  const lines = waits.map(({ seconds, reason }) => `  ${duration(seconds)}: ${oneLine(reason, longestReason)}`);
  return lines.length ? ['Longest waits:', ...lines] : [];
}

interface Parts {
  readonly lines: readonly string[];
  /** On lines of their own, at the end. */
  readonly links: readonly string[];
}

function partsOf(receipt: Receipt, bucket: string, facts: NotificationFacts): Parts {
  const { jobId, failure } = receipt;
  const { report = toBucketLink(bucket, jobId), execution, pauses = [], unreadable = [] } = facts;
  const lifetime = report.days ? ` (the link opens for ${report.days} days, for everyone who has it)` : '';
  return {
    lines: [
      statusLine(receipt),
      ...(failure ? [`${failure.error}: ${failure.cause.slice(0, longestCause)}`] : []),
      costLine(receipt),
      ...attemptLines(receipt),
      ...partLines(receipt),
      ...waitLines(receipt, pauses),
      ...unreadable.slice(0, 3).map((text) => `Not a picture: ${oneLine(text, 2 * longestReason)}`),
    ],
    links: [
      ...(receipt.failed ? [`Left to do: s3://${bucket}/${requeueKey(jobId)}`] : []),
      `Report${lifetime}: ${report.url}`,
      ...(execution ? [`Execution: ${executionLink(execution)}`] : []),
    ],
  };
}

/** One message per job, readable in an e-mail on a phone: plain text, short lines, the links last. */
export function toNotification(receipt: Receipt, bucket: string, facts: NotificationFacts = {}): Notification {
  const { lines, links } = partsOf(receipt, bucket, facts);
  const subject = toSubject(subjectOf(receipt));
  const title = subject.replace(/^\[spot-diffusion\] /, '');
  const chat = toChatMessage(receipt, { title, summary: subject, lines, links, execution: facts.execution });
  return {
    subject,
    message: toMessage([...lines, ...links].join('\n')),
    chat: JSON.stringify(chat, (_, value) => (typeof value === 'string' ? toMessage(value) : value)),
  };
}

export interface Notifier {
  send(notification: Notification, attributes: Readonly<Record<string, string>>): Promise<void>;
}
