import type { Receipt } from '../receipt/receipt.ts';

/**
 * The custom notification of Amazon Q Developer in chat applications (AWS Chatbot): what is in no such form never reaches
 * Slack or Teams, and nobody is told. https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
 */
export interface ChatMessage {
  readonly version: '1.0';
  readonly source: 'custom';
  readonly content: {
    readonly textType: 'client-markdown';
    readonly title: string;
    readonly description: string;
    readonly keywords: readonly string[];
  };
  readonly metadata: {
    /** Messages of one job stand in one thread. */
    readonly threadId: string;
    readonly summary: string;
    readonly eventType: string;
    readonly relatedResources: readonly string[];
    readonly additionalContext: Readonly<Record<string, string>>;
  };
}

/** A text block of Slack holds 3,000 characters. */
const longestDescription = 2900;
const longestTitle = 250;

/** Slack's own markup begins with these: `<!channel>` in a prompt must not call everybody. */
const escaped: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
const withoutMarkup = (text: string) => text.replaceAll(/[&<>]/g, (character) => escaped[character] ?? '');

interface ChatFacts {
  readonly title: string;
  readonly summary: string;
  /** In the order of their weight: what does not fit is left out from the middle. */
  readonly lines: readonly string[];
  readonly links: readonly string[];
  /** ARN */
  readonly execution?: string;
}

export function toChatMessage(receipt: Receipt, { title, summary, lines, links, execution }: ChatFacts): ChatMessage {
  const { jobId, status, images, delivered, usd } = receipt;
  const end = links.map(withoutMarkup).join('\n');
  const said = withoutMarkup(lines.join('\n')).slice(0, Math.max(0, longestDescription - end.length - 1));
  return {
    version: '1.0',
    source: 'custom',
    content: {
      textType: 'client-markdown',
      title: withoutMarkup(title).slice(0, longestTitle),
      // An entity that was cut in two would be shown as it stands.
      description: `${said.replace(/&[a-z]*$/, '')}\n${end}`,
      keywords: ['spot-diffusion', status],
    },
    metadata: {
      threadId: jobId,
      summary,
      eventType: `job ${status}`,
      relatedResources: execution ? [execution] : [],
      additionalContext: { jobId, status, images: String(images), delivered: String(delivered), usd: String(usd) },
    },
  };
}
