import {
  DescribeImagesCommand,
  ECRClient,
  ImageNotFoundException,
  RepositoryNotFoundException,
} from '@aws-sdk/client-ecr';
import { PlainProblem } from '../grammar/plain-problem.ts';
import type { ClientConfig } from '../target/target.ts';
import { type ImageFact, parseImageUri } from './image-findings.ts';

/** Undefined: the repository has no such image. */
export async function readImage(config: ClientConfig, uri: string): Promise<ImageFact | undefined> {
  const name = parseImageUri(uri);
  if (!name) throw new PlainProblem(`expected the uri of an image in ECR, got \`${uri}\``);
  const { registryId, repository: repositoryName, tag: imageTag } = name;
  try {
    const command = new DescribeImagesCommand({ registryId, repositoryName, imageIds: [{ imageTag }] });
    const [image] = (await new ECRClient(config).send(command)).imageDetails ?? [];
    return image && { pushedAt: image.imagePushedAt?.toISOString() ?? '', bytes: image.imageSizeInBytes ?? 0 };
  } catch (error) {
    if (error instanceof ImageNotFoundException || error instanceof RepositoryNotFoundException) return undefined;
    throw error;
  }
}
