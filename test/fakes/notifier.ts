import type { Notification, Notifier } from '../../functions/core/tell/notification.ts';

export interface FakeNotifier extends Notifier {
  readonly sent: readonly (Notification & { readonly attributes: Readonly<Record<string, string>> })[];
}

/** Refuses what SNS refuses. */
export function makeFakeNotifier(): FakeNotifier {
  const sent: (Notification & { attributes: Readonly<Record<string, string>> })[] = [];
  return {
    sent,
    send: async ({ subject, message, chat }, attributes) => {
      if (!/^[\x20-\x7e]{1,99}$/.test(subject)) throw new TypeError(`Expected a subject, got \`${subject}\``);
      if (!message) throw new TypeError('Expected a message, got nothing');
      if (Object.values(attributes).some((value) => !value)) throw new TypeError('Expected attributes with values');
      sent.push({ subject, message, chat, attributes });
    },
  };
}
