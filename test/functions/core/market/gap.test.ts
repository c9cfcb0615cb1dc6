import { describe, expect, it } from 'vitest';
import { describeProblem, gap } from '../../../../functions/core/market/gap.ts';
import { pricesAsOf } from '../../../../functions/core/market/instance-types.ts';

class AccessDenied extends Error {
  override readonly name = 'AccessDenied';
}

describe('why a source did not answer', () => {
  it.each([
    [new AccessDenied('not authorized.'), 'AccessDenied: not authorized'],
    [new AccessDenied(''), 'AccessDenied'],
    [new AccessDenied('two\nlines'), 'AccessDenied: two'],
    [new AccessDenied('  spaces around \n'), 'AccessDenied: spaces around'],
    [new AccessDenied(' \nsecond line'), 'AccessDenied'],
    [new AccessDenied('to be continued...'), 'AccessDenied: to be continued'],
    [new AccessDenied('region eu.west'), 'AccessDenied: region eu.west'],
    ['a string', 'an unknown failure'],
  ])('is one line', (error, problem) => {
    expect(describeProblem(error)).toBe(problem);
  });

  it('is short', () => {
    expect(describeProblem(new Error('x'.repeat(1000)))).toHaveLength(200);
  });

  it('is a sentence in an outlook', () => {
    expect(gap.unread('Spot prices', 'AccessDenied: no')).toBe('Spot prices could not be read: AccessDenied: no.');
  });
});

describe('what is missing in an outlook', () => {
  const types = ['g5.xlarge', 'g6.xlarge'];
  const bundled = `On-demand prices of g5.xlarge, g6.xlarge are those of the bundled table of ${pricesAsOf} for us-east-1`;
  it.each([
    [gap.noSpotPrice(types), 'EC2 has no Spot price of g5.xlarge, g6.xlarge.'],
    [gap.listedPrice(types), `${bundled}: AWS Pricing has none.`],
    [gap.listedPrice(types, 'TimeoutError'), `${bundled}: TimeoutError.`],
    [gap.noPrice(types), 'No on-demand price of g5.xlarge, g6.xlarge is known.'],
    [
      gap.listedType(types),
      'Sizes of g5.xlarge, g6.xlarge are those of the bundled table: EC2 does not offer them in this region.',
    ],
    [gap.listedType(['p5.4xlarge'], 'broken'), 'Sizes of p5.4xlarge are those of the bundled table: broken.'],
    [gap.noType(['p6.large']), 'Nothing is known of p6.large: EC2 does not offer them in this region.'],
    [gap.noType(['p6.large'], 'broken'), 'Nothing is known of p6.large: broken.'],
    [gap.noAdvisor('eu-west-9'), 'No Spot Advisor bands are bundled for eu-west-9.'],
  ])('is said in one sentence: %s', (said, sentence) => {
    expect(said).toBe(sentence);
  });
});
