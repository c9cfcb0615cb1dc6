import { describe, expect, it } from 'vitest';
import { findPieces } from '../../../cli/teardown/leftovers/find-tagged.ts';
import { isClean, namesIn, toFindings, usdPerMonthOf } from '../../../cli/teardown/leftovers/leftover.ts';
import {
  addressLeftover,
  bucketLeftover,
  instanceLeftover,
  logLeftover,
  natLeftover,
  repositoryLeftover,
  snapshotLeftover,
  tableLeftover,
  volumeLeftover,
} from '../../../cli/teardown/leftovers/priced.ts';
import { leftoverLines } from '../../../cli/teardown/verify.ts';

const gib = 2 ** 30;
const arn = (service: string, resource: string) => `arn:aws:${service}:us-east-1:123456789012:${resource}`;

describe('what is left', () => {
  it.each([
    [volumeLeftover('vol-1', 60, 'gp3'), 4.8],
    [snapshotLeftover('snap-1', 60, 'ami-1'), 3],
    [addressLeftover('eipalloc-1', '1.2.3.4'), 3.65],
    [natLeftover('nat-1'), 32.85],
    [repositoryLeftover('workers', 2, 11 * gib), 1.1],
    [logLeftover('/spot-diffusion/worker', 2 * gib), 0.06],
    [bucketLeftover('pictures', { objects: 12_000, bytes: 100 * gib }, 'mine'), 2.3],
    [tableLeftover('ledger', gib, 'mine'), 0.45],
    [instanceLeftover('i-1', 'g6.xlarge', { market: 'on demand' }), 587.5],
    [instanceLeftover('i-2', 'm6i.large', { market: 'on demand' }), 70.08],
  ])('has its price a month: $kind', (leftover, usd) => {
    expect(leftover.usdPerMonth).toBeCloseTo(usd, 2);
    expect(leftover.fix).toBeTruthy();
  });

  it('costs at most its price on demand where it is Spot, and nothing is guessed of a type that is not known', () => {
    expect(instanceLeftover('i-1', 'g6.xlarge', { market: 'spot' }).says).toBe('g6.xlarge, spot: at most');
    const unknown = instanceLeftover('i-1', 'x9.huge', { market: 'on demand' });
    expect(unknown.usdPerMonth).toBeUndefined();
    expect(leftoverLines({ leftovers: [unknown], unread: [], listed: [] }, 'us-east-1')[0]).toContain(
      'price not known',
    );
  });

  it('is known by the tag of the stack: names of one service and kind', () => {
    const tagged = [arn('kms', 'key/k1'), arn('s3', 'pictures'), arn('logs', 'log-group:/a/b'), 'arn:aws:s3:::other'];
    expect(namesIn(tagged, 'kms', 'key/')).toEqual(['k1']);
    expect(namesIn(tagged, 's3', '')).toEqual(['pictures', 'other']);
    expect(namesIn(tagged, 'logs', 'log-group:')).toEqual(['/a/b']);
    expect(namesIn(tagged, 'ecr', 'repository/')).toEqual([]);
  });

  it('counts what has a price of its own while the stack stands: AWS lists for hours what is deleted', () => {
    const tagged = [
      arn('kms', 'key/k1'),
      arn('cloudwatch', 'alarm:spot-diffusion-idle-gpu'),
      arn('secretsmanager', 'secret:spot-diffusion/token-AbCdEf'),
    ];
    const standing = findPieces({ tagged, stands: true });
    const [alarm, secret] = standing.leftovers;
    expect(standing.leftovers.map(({ kind }) => kind)).toEqual(['alarm', 'secret', 'key']);
    expect(alarm).toMatchObject({ id: 'spot-diffusion-idle-gpu', usdPerMonth: 0.1 });
    expect(secret?.fix).toBe('aws secretsmanager delete-secret --secret-id spot-diffusion/token');
    expect(standing.listed).toEqual([]);
    const gone = findPieces({ tagged, stands: false });
    expect(gone).toMatchObject({
      leftovers: [],
      listed: ['alarm spot-diffusion-idle-gpu', expect.any(String), 'key k1'],
    });
    const lines = leftoverLines({ ...gone, unread: [] }, 'us-east-1');
    expect(lines).toEqual([
      expect.stringMatching(/^AWS still lists alarm .+ Not counted\.$/),
      expect.stringMatching(/^Nothing of ours/),
    ]);
  });

  it('is nothing only where everything could be looked at', () => {
    expect(isClean(toFindings([{ what: 'logs', answer: { value: [] } }]))).toBe(true);
    const denied = toFindings([{ what: 'logs', answer: { problem: 'AccessDenied' } }]);
    expect(isClean(denied)).toBe(false);
    expect(leftoverLines(denied, 'us-east-1')).toEqual(['?  not looked at, may cost money: logs: AccessDenied']);
  });

  it('is listed with what removes it, and summed up', () => {
    const leftovers = [volumeLeftover('vol-1', 60, 'gp3'), addressLeftover('eipalloc-1', '1.2.3.4')];
    expect(usdPerMonthOf({ leftovers, unread: [], listed: [] })).toBeCloseTo(8.45);
    expect(leftoverLines({ leftovers, unread: [], listed: [] }, 'eu-west-1')).toEqual([
      'volume  vol-1: 60 GiB of gp3, $4.80 a month',
      '    aws ec2 delete-volume --volume-id vol-1',
      'address  eipalloc-1: public IPv4 1.2.3.4, $3.65 a month',
      '    aws ec2 release-address --allocation-id eipalloc-1',
      'Together $8.45 a month in eu-west-1, at list prices of us-east-1 as of 2026-11.',
    ]);
  });
});
