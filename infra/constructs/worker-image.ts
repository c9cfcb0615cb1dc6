import { ContainerImageBuild } from '@cdklabs/deploy-time-build';
import { IgnoreMode, Stack } from 'aws-cdk-lib';
import { CfnProject } from 'aws-cdk-lib/aws-codebuild';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Construct } from 'constructs';
import { root } from '../paths.ts';

/** What the image is made of, as patterns of everything else. */
const exclude = [
  '*',
  '!container',
  'container/*',
  '!container/Dockerfile',
  '!container/requirements.txt',
  '!container/worker',
  '!statemachine',
  'statemachine/*',
  '!statemachine/schema',
  '**/__pycache__',
];

/**
 * The worker's image, built in AWS at deploy: no Docker and no 5 GB upload on the deployer's machine. zstd unpacks faster.
 * A build with unchanged files is not made again (the tag is the hash of what goes in).
 */
export class WorkerImage extends Construct {
  readonly uri: string;
  readonly repositoryArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const build = new ContainerImageBuild(this, 'Build', {
      directory: root,
      file: 'container/Dockerfile',
      exclude,
      ignoreMode: IgnoreMode.DOCKER,
      platform: Platform.LINUX_AMD64,
      zstdCompression: true,
    });
    this.uri = build.imageUri;
    this.repositoryArn = build.repository.repositoryArn;
    this.cacheLayers();
  }

  /** The 5 GB layer of packages stays on the build host as long as AWS keeps it; the construct has no option for it. */
  private cacheLayers(): void {
    for (const project of Stack.of(this)
      .node.findAll()
      .filter((node) => node instanceof CfnProject)) {
      project.addPropertyOverride('Cache', { Type: 'LOCAL', Modes: ['LOCAL_DOCKER_LAYER_CACHE'] });
    }
  }
}
