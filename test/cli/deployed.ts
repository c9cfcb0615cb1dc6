import { CodeBuildClient, CreateProjectCommand } from '@aws-sdk/client-codebuild';
import { CreateRepositoryCommand, ECRClient, PutImageCommand } from '@aws-sdk/client-ecr';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { serviceRoles } from '../../cli/doctor/account-findings.ts';
import { makeS3 } from '../../cli/target/objects.ts';
import { findModel } from '../../functions/core/input/models.ts';
import { BUCKET } from '../../local/names.ts';
import type { ServedStack } from './a-stack.ts';

type Client = ServedStack['client'];

export const project = 'spot-diffusion-import-model';
export const repository = 'spot-diffusion-worker';

/** As the importer leaves it: two files, one of them the manifest. */
export async function putModel(client: Client, id: string): Promise<void> {
  const s3 = makeS3(client);
  const revision = findModel(id)?.revision ?? 'r1';
  const manifest = { id, revision, files: [{ path: 'unet/weights.safetensors', bytes: 3 * 2 ** 30 }] };
  const put = (name: string, Body: string) =>
    s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: `models/${id}/${revision}/${name}`, Body }));
  await put('unet/weights.safetensors', 'w');
  await put('manifest.json', JSON.stringify(manifest));
}

/** What a deploy makes beside the stack's outputs. */
export async function deploy(client: Client): Promise<void> {
  const ecr = new ECRClient(client);
  await ecr.send(new CreateRepositoryCommand({ repositoryName: repository }));
  const mediaType = 'application/vnd.docker.distribution.manifest.v2+json';
  const imageManifest = JSON.stringify({
    schemaVersion: 2,
    mediaType,
    config: { size: 1, digest: 'sha256:1' },
    layers: [],
  });
  await ecr.send(new PutImageCommand({ repositoryName: repository, imageTag: 'abc', imageManifest }));
  const iam = new IAMClient(client);
  // moto makes up the names of service-linked roles: these are AWS's.
  for (const { role: RoleName } of serviceRoles) {
    await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument: '{}' }));
  }
  await new CodeBuildClient(client).send(
    new CreateProjectCommand({
      name: project,
      source: { type: 'S3', location: 'sources/x.zip' },
      artifacts: { type: 'NO_ARTIFACTS' },
      environment: { type: 'LINUX_CONTAINER', image: 'python', computeType: 'BUILD_GENERAL1_SMALL' },
      serviceRole: 'arn:aws:iam::123456789012:role/import',
    }),
  );
}
