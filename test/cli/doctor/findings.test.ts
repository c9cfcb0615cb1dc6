import { describe, expect, it } from 'vitest';
import { judgeIdentity, judgeRoles, judgeStack } from '../../../cli/doctor/account-findings.ts';
import { judgeFailures, judgeImport } from '../../../cli/doctor/failure-findings.ts';
import { canRun, type Finding } from '../../../cli/doctor/finding.ts';
import { judgeImage, parseImageUri } from '../../../cli/doctor/image-findings.ts';
import { judgeModels } from '../../../cli/doctor/model-findings.ts';
import { judgeQueues, type QueueFact } from '../../../cli/doctor/queue-findings.ts';
import { findModel } from '../../../functions/core/input/models.ts';

const region = 'us-east-1';
const denied = { problem: 'AccessDenied: User x is not authorized to perform this' };
const uri = '123456789012.dkr.ecr.us-east-1.amazonaws.com/spot-diffusion-worker:abc';
const states = (findings: readonly Finding[]) => findings.map(({ state }) => state);
const aQueue = (name: string, over: Partial<QueueFact> = {}): QueueFact => ({
  name,
  state: 'ENABLED',
  status: 'VALID',
  statusReason: 'JobQueue Healthy',
  environments: [{ state: 'ENABLED', status: 'VALID', statusReason: 'ComputeEnvironment Healthy' }],
  ...over,
});
const invalid = { state: 'ENABLED', status: 'INVALID', statusReason: 'CLIENT_ERROR - no role' };
const now = new Date('2026-11-30T12:00:00Z');
const aFailure = { jobId: 'night', error: 'NoSpotCapacity', cause: 'none was there', at: '2026-11-29T22:00:00Z' };

describe('what may not be read', () => {
  it.each([
    ['stack', judgeStack('mine', region, denied)],
    ['roles', judgeRoles(denied, region)],
    ['image', judgeImage(denied, uri, region)],
    ['models', judgeModels(denied, { defaultModel: 'sd-1.5', flags: '', bucket: 'b' })],
    ['queues', judgeQueues(denied, region)],
    ['jobs', judgeFailures(denied, now)],
    ['import', judgeImport(denied)],
  ])('is unknown, no verdict, and says what AWS said: %s', (_, findings) => {
    expect(findings).toEqual([
      expect.objectContaining({ state: 'unknown', says: expect.stringContaining('AccessDenied: User x') }),
    ]);
    expect(findings[0]?.fix).toBe('ask with credentials that may read it');
    expect(canRun(findings)).toBe(true);
  });
});

describe('the account', () => {
  it('tells wrong credentials from a missing region', () => {
    expect(judgeIdentity({ value: { account: '1', arn: 'a', region } })).toMatchObject({ state: 'ok' });
    const expired = judgeIdentity({ problem: 'ExpiredToken: The security token is expired' });
    expect(expired).toMatchObject({ state: 'problem', fix: expect.stringContaining('aws sso login') });
    const nowhere = judgeIdentity({ problem: 'Error: Region is missing' });
    expect(nowhere).toMatchObject({ state: 'problem', fix: expect.stringContaining('`AWS_REGION`') });
  });

  it.each([
    ['CREATE_COMPLETE', 'ok'],
    ['UPDATE_COMPLETE', 'ok'],
    ['UPDATE_ROLLBACK_COMPLETE', 'warning'],
    ['UPDATE_IN_PROGRESS', 'warning'],
    ['ROLLBACK_COMPLETE', 'problem'],
    ['DELETE_FAILED', 'problem'],
    ['CREATE_IN_PROGRESS', 'problem'],
  ])('a stack that is %s is %s', (status, state) => {
    const findings = judgeStack('mine', region, { value: { name: 'mine', id: 'arn:mine', status } });
    expect(states(findings)).toEqual([state]);
    expect(findings[0]?.link).toContain('stackId=arn%3Amine');
  });

  it('a stack that is not there says how to get it', () => {
    expect(judgeStack('mine', region, { value: undefined })[0]).toMatchObject({
      state: 'problem',
      says: 'mine is not in us-east-1',
      fix: expect.stringContaining('`npx cdk deploy`'),
    });
  });

  it.each([
    [[], 'ok'],
    [['AWSServiceRoleForECS'], 'warning'],
    [['AWSServiceRoleForECS', 'AWSServiceRoleForEC2Spot'], 'problem'],
    [['AWSServiceRoleForBatch'], 'problem'],
  ])('without the roles %j: %s', (missing, state) => {
    const [finding] = judgeRoles({ value: missing }, region);
    expect(finding?.state).toBe(state);
    if (missing.length) expect(finding?.fix).toContain('aws iam create-service-linked-role --aws-service-name ');
  });
});

describe('the image', () => {
  it('is named by account, repository and tag', () => {
    expect(parseImageUri(uri)).toEqual({
      registryId: '123456789012',
      repository: 'spot-diffusion-worker',
      tag: 'abc',
    });
    expect(parseImageUri('docker.io/library/alpine')).toBeUndefined();
  });

  it('is a problem until it is built', () => {
    expect(states(judgeImage({ value: { pushedAt: '2026-11-29T10:00:00Z', bytes: 5.5e9 } }, uri, region))).toEqual([
      'ok',
    ]);
    expect(judgeImage({ value: undefined }, uri, region)[0]).toMatchObject({
      state: 'problem',
      link: expect.stringContaining('build-image'),
    });
  });
});

describe('the models', () => {
  const revision = (id: string) => findModel(id)?.revision ?? '';
  const stored = (id: string, at = revision(id)) => ({ id, revision: at, bytes: 2 ** 31, files: 9 });
  const judge = (defaultModel: string, there: readonly ReturnType<typeof stored>[]) =>
    judgeModels({ value: there }, { defaultModel, flags: ' --stack mine', region, bucket: 'pictures' });

  it('need the default one, in the revision that jobs read', () => {
    expect(states(judge('sd-1.5', [stored('sd-1.5')]))).toEqual(['ok']);
    expect(judge('sd-1.5', [])[0]).toMatchObject({
      state: 'problem',
      fix: '`npm start -- models import sd-1.5 --stack mine`',
      link: expect.stringContaining('/s3/buckets/pictures?'),
    });
    expect(judge('sd-1.5', [stored('sd-1.5', 'older')])[0]?.says).toContain('revision older is there');
  });

  it('say what is to be accepted where a model is gated, and that an imported one was', () => {
    const gate = findModel('sd-3.5-medium')?.gate;
    expect(judge('sd-3.5-medium', [])[0]?.fix).toBe(
      `accept ${gate?.accept} at ${gate?.page}, then \`npm start -- models import sd-3.5-medium --stack mine\``,
    );
    expect(judge('sd-3.5-medium', [stored('sd-3.5-medium')])[0]?.says).toContain('accepted: it could not have been');
  });
});

describe('the queues', () => {
  const judge = (found: readonly QueueFact[], wanted = ['a', 'b']) => judgeQueues({ value: { wanted, found } }, region);

  it.each<[string, readonly QueueFact[], readonly string[]]>([
    ['all take jobs', [aQueue('a'), aQueue('b')], ['ok']],
    ['one is missing', [aQueue('a')], ['warning', 'ok']],
    ['none is there', [], ['problem']],
    ['one is switched off', [aQueue('a'), aQueue('b', { state: 'DISABLED' })], ['warning', 'ok']],
    ['an environment is invalid', [aQueue('a'), aQueue('b', { environments: [invalid] })], ['warning', 'ok']],
    [
      'all are invalid',
      [aQueue('a', { environments: [invalid] }), aQueue('b', { environments: [invalid] })],
      ['problem'],
    ],
    ['one has nothing behind it', [aQueue('a'), aQueue('b', { environments: [] })], ['warning', 'ok']],
  ])('%s', (_, found, expected) => {
    expect(states(judge(found))).toEqual(expected);
  });

  it('says the trouble of many queues once, in the words of AWS', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const [finding] = judge(
      names.map((name) => aQueue(name, { environments: [invalid] })),
      names,
    );
    expect(finding?.says).toBe('a, b, c and 2 more: compute environment ENABLED and INVALID: CLIENT_ERROR - no role');
    expect(finding?.link).toContain('#compute-environments');
  });
});

describe('what failed', () => {
  it('lately is a warning with the remedy of its error; long ago it is not told', () => {
    const [finding] = judgeFailures({ value: [{ ...aFailure, link: 'https://x' }] }, now);
    expect(finding).toMatchObject({
      state: 'warning',
      says: 'night failed at 2026-11-29 22:00: NoSpotCapacity: none was there',
      link: 'https://x',
    });
    expect(finding?.fix).toBeTruthy();
    expect(states(judgeFailures({ value: [{ ...aFailure, at: '2026-11-01T00:00:00Z' }] }, now))).toEqual(['ok']);
  });

  it('in the last import is told with its log', () => {
    const build = { model: 'sdxl', status: 'FAILED', why: 'BUILD: exit status 1', link: 'https://log' };
    expect(judgeImport({ value: undefined })).toEqual([]);
    expect(judgeImport({ value: { ...build, status: 'SUCCEEDED' } })).toEqual([]);
    expect(judgeImport({ value: { ...build, status: 'IN_PROGRESS' } })[0]?.says).toContain('is under way');
    expect(judgeImport({ value: build })[0]).toMatchObject({ state: 'warning', link: 'https://log' });
  });
});
