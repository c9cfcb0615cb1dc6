import { describe, expect, it } from 'vitest';
import { toNotification } from '../../../../functions/core/tell/notification.ts';
import { aReceipt } from '../../../fakes/builders.ts';

const execution = 'arn:aws:states:eu-west-1:123456789012:execution:spot-diffusion:job-1';

describe('the message for a chat', () => {
  it('has the form that Amazon Q Developer in chat applications demands', () => {
    const { chat, message, subject } = toNotification(aReceipt(), 'b', { execution });
    expect(JSON.parse(chat)).toEqual({
      version: '1.0',
      source: 'custom',
      content: {
        textType: 'client-markdown',
        title: 'Delivered: 4 of 4 images, $0.12, saved 67 % (job-1)',
        description: message,
        keywords: ['spot-diffusion', 'delivered'],
      },
      metadata: {
        threadId: 'job-1',
        summary: subject,
        eventType: 'job delivered',
        relatedResources: [execution],
        additionalContext: { jobId: 'job-1', status: 'delivered', images: '4', delivered: '4', usd: '0.12' },
      },
    });
  });

  it('has a title of 250 characters at most, and no resource of an execution that is not told', () => {
    const failure = { error: '<'.repeat(90), cause: 'x' };
    const { content, metadata } = JSON.parse(toNotification(aReceipt({ failure }), 'b').chat);
    expect(content.title).toHaveLength(250);
    expect(metadata.relatedResources).toEqual([]);
  });

  it('calls nobody and links nowhere by what stands in a prompt', () => {
    const failure = { error: 'InvalidPrompt', cause: 'prompts[0]: <!channel> <https://evil.example|click> & more' };
    const { content } = JSON.parse(toNotification(aReceipt({ status: 'failed', failure }), 'b').chat);
    expect(content.description).toContain('&lt;!channel&gt; &lt;https://evil.example|click&gt; &amp; more');
  });

  it('keeps the links where the cause is too long for a chat, and cuts no entity in two', () => {
    for (let length = 0; length < 6; length += 1) {
      const failure = { error: 'InvalidPrompt', cause: `${'x'.repeat(length)}${'<'.repeat(5000)}` };
      const { content } = JSON.parse(toNotification(aReceipt({ failure }), 'b', { execution }).chat);
      expect(content.description.length).toBeLessThanOrEqual(2900);
      expect(content.description).toMatch(/&lt;\nReport: s3:\/\/b\/.*\nExecution: https:/);
    }
  });
});
