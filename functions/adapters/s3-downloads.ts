import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import type { Downloads } from '../core/tell/doors.ts';

/** Presigned URLs; computed here, without a call. They carry the caller's session and die with it, if that is sooner. */
export function makeS3Downloads(client: S3Client, bucket: string): Downloads {
  return {
    link: (key, method, seconds) => {
      // The method is part of the signature.
      const command = new (method === 'GET' ? GetObjectCommand : HeadObjectCommand)({ Bucket: bucket, Key: key });
      return getSignedUrl(client, command, { expiresIn: seconds });
    },
  };
}
