import { describe, expect, it } from 'vitest';
import {
  batchEnvironmentsLink,
  batchJobLink,
  batchQueuesLink,
  bucketLink,
  executionLink,
  logGroupLink,
  logStreamLink,
  quotaPageLink,
  rolesLink,
  stackLink,
} from '../../../../functions/core/tell/console-links.ts';

describe('links into the console of AWS', () => {
  it.each([
    ['us-east-1', 'https://us-east-1.console.aws.amazon.com/'],
    ['cn-north-1', 'https://cn-north-1.console.amazonaws.cn/'],
    ['us-gov-west-1', 'https://us-gov-west-1.console.amazonaws-us-gov.com/'],
  ])('of %s begin with %s, the console of its partition', (region, start) => {
    const arn = `arn:aws:states:${region}:123456789012:execution:spot-diffusion:job-1`;
    for (const link of [logStreamLink(region, 's'), batchJobLink(region, 'b'), executionLink(arn)]) {
      expect(link.startsWith(start)).toBe(true);
      expect(link).toContain(`region=${region}#`);
    }
  });

  it('encode names twice for the logs, with `$` for `%`, and come back to the name', () => {
    const stream = 'worker/default/[$LATEST] ä';
    const shown = logStreamLink('eu-west-1', stream, '/group').split('/log-events/')[1] ?? '';
    expect(shown).toMatch(/^[\w$.\-!~*'()]+$/);
    expect(decodeURIComponent(decodeURIComponent(shown.replaceAll('$', '%')))).toBe(stream);
    expect(logStreamLink('eu-west-1', 'a/b')).toContain('/log-group/$252Fspot-diffusion$252Fworker/log-events/a$252Fb');
  });

  it('open an execution by its ARN', () => {
    const arn = 'arn:aws:states:eu-west-1:123456789012:execution:spot-diffusion:job-1';
    expect(executionLink(arn)).toBe(
      `https://eu-west-1.console.aws.amazon.com/states/home?region=eu-west-1#/v2/executions/details/${arn}`,
    );
  });

  it.each([
    [
      stackLink('eu-west-1', 'arn:aws:x/y'),
      '/cloudformation/home?region=eu-west-1#/stacks/stackinfo?stackId=arn%3Aaws%3Ax%2Fy',
    ],
    [quotaPageLink('eu-west-1', 'L-1'), '/servicequotas/home/services/ec2/quotas/L-1?region=eu-west-1'],
    [batchQueuesLink('eu-west-1'), '/batch/home?region=eu-west-1#queues'],
    [batchEnvironmentsLink('eu-west-1'), '/batch/home?region=eu-west-1#compute-environments'],
    [logGroupLink('eu-west-1', '/a'), '/cloudwatch/home?region=eu-west-1#logsV2:log-groups/log-group/$252Fa'],
    [bucketLink('eu-west-1', 'b', 'models/'), '/s3/buckets/b?region=eu-west-1&prefix=models%2F'],
    [rolesLink('eu-west-1'), '/iam/home#/roles'],
  ])('open a page of what a job needs: %s', (link, page) => {
    expect(link).toBe(`https://eu-west-1.console.aws.amazon.com${page}`);
  });
});
