import { CreateBucketCommand, HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { makeS3Bucket } from '../../../functions/adapters/s3-bucket.ts';
import { bucketConformance } from '../../fakes/bucket.conformance.ts';
import { type HttpStub, type StubAnswer, startStub } from './http-stub.ts';
import { inLine, type Moto, startMoto } from './moto.ts';

const name = 'spot-diffusion';

describe('the bucket on S3', () => {
  let moto: Moto;
  let client: S3Client;

  beforeAll(async () => {
    moto = await startMoto();
    client = new S3Client({ ...moto.client, forcePathStyle: true });
    client.middlewareStack.add(inLine(), { step: 'finalizeRequest' });
    await client.send(new CreateBucketCommand({ Bucket: name }));
  });
  afterAll(() => moto.stop());

  bucketConformance(() => makeS3Bucket(client, name));

  it('knows its name', () => {
    expect(makeS3Bucket(client, name).name).toBe(name);
  });

  it.each([
    ['a.html', 'text/html; charset=utf-8'],
    ['a.json', 'application/json'],
    ['a.settled.json', 'application/json'],
    ['a.jsonl', 'application/x-ndjson'],
    ['a.png', 'image/png'],
    ['a.webp', 'image/webp'],
    ['a.txt', 'application/octet-stream'],
    ['a', 'application/octet-stream'],
  ])('says of %s what it is: %s', async (key, type) => {
    await makeS3Bucket(client, name).write(`types/${key}`, 'x');
    const { ContentType } = await client.send(new HeadObjectCommand({ Bucket: name, Key: `types/${key}` }));
    expect(ContentType).toBe(type);
  });

  it('fails where there is no bucket: that is not a missing object', async () => {
    const bucket = makeS3Bucket(client, 'no-such-bucket');
    await expect(bucket.read('a')).rejects.toThrow();
    await expect(bucket.list('a')).rejects.toThrow();
    await expect(bucket.listAfter('a', '')).rejects.toThrow();
    await expect(bucket.writeOnce('a', 'x')).rejects.toThrow();
  });
});

describe('the answers of S3', () => {
  let stub: HttpStub | undefined;
  afterEach(() => stub?.stop());

  async function bucketThat(answer: (url: string) => StubAnswer) {
    stub = await startStub(({ url }) => answer(url));
    return makeS3Bucket(new S3Client({ ...stub.client, forcePathStyle: true }), name);
  }
  const failure = (status: number, code: string) => ({ status, body: `<Error><Code>${code}</Code></Error>` });

  it('are read page by page', async () => {
    const page = (keys: readonly string[], next?: string) =>
      `<ListBucketResult><IsTruncated>${next !== undefined}</IsTruncated>${next ? `<NextContinuationToken>${next}</NextContinuationToken>` : ''}${keys.map((key) => `<Contents><Key>${key}</Key></Contents>`).join('')}</ListBucketResult>`;
    const bucket = await bucketThat((url) => ({
      body: url.includes('continuation-token=more') ? page(['a/3']) : page(['a/1', 'a/2'], 'more'),
    }));
    expect(await bucket.list('a/')).toEqual(['a/1', 'a/2', 'a/3']);
    expect(stub?.requests[0]?.url).toContain('prefix=a%2F');
    expect(await bucket.listAfter('a/', 'a/0')).toEqual({ keys: ['a/1', 'a/2'], isLast: false });
    expect(stub?.requests.at(-1)?.url).toContain('start-after=a%2F0');
    expect(stub?.requests).toHaveLength(3);
  });

  it('416 to the first bytes of an object means that it has none', async () => {
    const bucket = await bucketThat(() => failure(416, 'InvalidRange'));
    expect(await bucket.readBytes('a', 3)).toEqual(new Uint8Array());
  });

  it('412 to a conditional write means that another was first', async () => {
    expect(await (await bucketThat(() => failure(412, 'PreconditionFailed'))).writeOnce('a', 'x')).toBe(false);
  });

  it.each([
    ['failed', { body: '' }, true],
    ['won', failure(412, 'PreconditionFailed'), false],
  ])('409 to a conditional write means to ask again: the other write %s', async (_, second, isMine) => {
    const answers: StubAnswer[] = [failure(409, 'ConditionalRequestConflict'), second];
    const bucket = await bucketThat(() => answers.shift() ?? { status: 500 });
    expect(await bucket.writeOnce('a', 'x')).toBe(isMine);
    expect(stub?.requests).toHaveLength(2);
  });

  it('409 without an end is a failure: nobody knows whether the object is there', async () => {
    const bucket = await bucketThat(() => failure(409, 'ConditionalRequestConflict'));
    await expect(bucket.writeOnce('a', 'x')).rejects.toThrow();
    expect(stub?.requests).toHaveLength(5);
  });

  it('of any other kind are failures', async () => {
    const bucket = await bucketThat(() => failure(403, 'AccessDenied'));
    await expect(bucket.writeOnce('a', 'x')).rejects.toThrow();
    await expect(bucket.write('a', 'x')).rejects.toThrow();
    await expect(bucket.read('a')).rejects.toThrow();
    await expect(bucket.exists('a')).rejects.toThrow();
  });
});
