import { S3Client } from '@aws-sdk/client-s3';
import { describe, expect, it } from 'vitest';
import { makeS3Downloads } from '../../../functions/adapters/s3-downloads.ts';

const credentials = { accessKeyId: 'test', secretAccessKey: 'test', sessionToken: 'session' };
const downloads = makeS3Downloads(new S3Client({ region: 'eu-central-1', credentials }), 'pictures');

describe('downloads from S3', () => {
  it('are URLs of one object, for some seconds, in the session of the function', async () => {
    const url = new URL(await downloads.link('jobs/größe/receipt.json', 'GET', 300));
    expect(url.origin).toBe('https://pictures.s3.eu-central-1.amazonaws.com');
    expect(decodeURIComponent(url.pathname)).toBe('/jobs/größe/receipt.json');
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      'X-Amz-Expires': '300',
      'X-Amz-SignedHeaders': 'host',
      'X-Amz-Security-Token': 'session',
    });
  });

  it('are signed for their method', async () => {
    const ofGet = new URL(await downloads.link('a', 'GET', 300)).searchParams;
    const ofHead = new URL(await downloads.link('a', 'HEAD', 300)).searchParams;
    expect(ofHead.get('X-Amz-Signature')).not.toBe(ofGet.get('X-Amz-Signature'));
  });
});
