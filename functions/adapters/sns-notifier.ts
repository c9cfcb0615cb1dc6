import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Notifier } from '../core/tell/notification.ts';

export function makeSnsNotifier(client: SNSClient, topicArn: string): Notifier {
  return {
    send: async (notification, attributes) => {
      const MessageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      );
      await client.send(
        new PublishCommand({
          TopicArn: topicArn,
          Subject: notification.subject,
          // Each protocol gets what it can show.
          MessageStructure: 'json',
          Message: JSON.stringify({ default: notification.message, https: notification.chat }),
          MessageAttributes,
        }),
      );
    },
  };
}
