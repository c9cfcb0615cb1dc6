import type { Answer } from '../../functions/core/market/gap.ts';
import { logGroupLink } from '../../functions/core/tell/console-links.ts';
import { size } from '../words/amounts.ts';
import { type Finding, judgeAnswer } from './finding.ts';

export interface ImageFact {
  readonly pushedAt: string;
  readonly bytes: number;
}

export interface ImageName {
  readonly registryId: string;
  readonly repository: string;
  readonly tag: string;
}

/** `<account>.dkr.ecr.<region>.amazonaws.com/<repository>:<tag>` */
export function parseImageUri(uri: string): ImageName | undefined {
  const [, registryId = '', repository = '', tag = ''] =
    /^(\d{12})\.dkr\.ecr\.[^/]+\/([^:@]+):([^:@]+)$/.exec(uri) ?? [];
  return registryId ? { registryId, repository, tag } : undefined;
}

/** @param answer undefined: the repository has no such image */
export function judgeImage(answer: Answer<ImageFact | undefined>, uri: string, region: string): readonly Finding[] {
  return judgeAnswer('image', answer, (image): readonly Finding[] => {
    if (image) {
      const says = `the worker's image is built (${size(image.bytes)}, ${image.pushedAt.slice(0, 10)})`;
      return [{ name: 'image', state: 'ok', says }];
    }
    return [
      {
        name: 'image',
        state: 'problem',
        says: `${uri} is not there: no worker can start`,
        fix: '`npx cdk deploy` builds it; the log says why a build failed',
        link: logGroupLink(region, '/spot-diffusion/build-image'),
      },
    ];
  });
}
