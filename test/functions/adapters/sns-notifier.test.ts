import { SNSClient } from '@aws-sdk/client-sns';
import { afterEach, describe, expect, it } from 'vitest';
import { makeSnsNotifier } from '../../../functions/adapters/sns-notifier.ts';
import { type HttpStub, startStub } from './http-stub.ts';

describe('the notifier on SNS', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());
  const topic = 'arn:aws:sns:us-east-1:123456789012:spot-diffusion';
  const answer = '<PublishResponse><PublishResult><MessageId>1</MessageId></PublishResult></PublishResponse>';

  it('publishes the notification with its attributes', async () => {
    stub = await startStub(() => ({ body: answer }));
    const notifier = makeSnsNotifier(new SNSClient(stub.client), topic);
    const chat = '{"version":"1.0"}';
    const attributes = { status: 'failed', notify: 'me' };
    await notifier.send({ subject: 'Done', message: 'line 1\nline 2 größe', chat }, attributes);
    const sent = Object.fromEntries(new URLSearchParams(stub.requests[0]?.body));
    expect(sent).toMatchObject({
      Action: 'Publish',
      TopicArn: topic,
      Subject: 'Done',
      MessageStructure: 'json',
      Message: JSON.stringify({ default: 'line 1\nline 2 größe', https: chat }),
      'MessageAttributes.entry.1.Name': 'status',
      'MessageAttributes.entry.1.Value.DataType': 'String',
      'MessageAttributes.entry.1.Value.StringValue': 'failed',
      'MessageAttributes.entry.2.Name': 'notify',
      'MessageAttributes.entry.2.Value.StringValue': 'me',
    });
  });

  it('hands on a refusal of AWS', async () => {
    stub = await startStub(() => ({
      status: 403,
      body: '<ErrorResponse><Error><Code>No</Code></Error></ErrorResponse>',
    }));
    const notifier = makeSnsNotifier(new SNSClient(stub.client), topic);
    await expect(notifier.send({ subject: 'a', message: 'b', chat: '{}' }, {})).rejects.toThrow();
  });
});
