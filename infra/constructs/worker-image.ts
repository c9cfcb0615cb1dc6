import { ContainerImageBuild } from '@cdklabs/deploy-time-build';
import { FileSystem, IgnoreMode, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { CfnProject, Project } from 'aws-cdk-lib/aws-codebuild';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
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
 * The worker's image, built in AWS at deploy: no Docker and no 5 GB upload on the deployer's machine. A build with unchanged
 * files is not made again: the tag is the hash of what goes in. zstd would unpack faster; whether the push keeps it is unproven.
 */
export class WorkerImage extends Construct {
  readonly uri: string;
  readonly repositoryArn: string;
  /** Of what the image is made of: its tag. */
  readonly fingerprint: string;

  constructor(scope: Construct, id: string, { retention }: { readonly retention: RetentionDays }) {
    super(scope, id);
    const repository = new Repository(this, 'Repository', {
      imageScanOnPush: true,
      emptyOnDelete: true,
      removalPolicy: RemovalPolicy.DESTROY,
      // 5.5 GB each: the one in use, those of jobs that were planned before a deploy, and of a deploy that was rolled back.
      lifecycleRules: [{ maxImageCount: 4 }],
    });
    this.fingerprint = FileSystem.fingerprint(root, { exclude, ignoreMode: IgnoreMode.DOCKER }).slice(0, 16);
    const build = new ContainerImageBuild(this, 'Build', {
      repository,
      tag: this.fingerprint,
      directory: root,
      file: 'container/Dockerfile',
      exclude,
      ignoreMode: IgnoreMode.DOCKER,
      platform: Platform.LINUX_AMD64,
      zstdCompression: true,
    });
    this.uri = build.imageUri;
    this.repositoryArn = repository.repositoryArn;
    this.adjustProjects(retention);
  }

  /**
   * What the library's project has no option for: the 5 GB layer of packages stays on the build host as long as AWS keeps
   * it, and the log does not outlive the stack.
   */
  private adjustProjects(retention: RetentionDays): void {
    const log = new LogGroup(this, 'Log', {
      logGroupName: '/spot-diffusion/build-image',
      retention,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    const ofLibrary = Stack.of(this)
      .node.findAll()
      .filter(({ node }) => node.path.includes('ContainerImageBuild'));
    for (const project of ofLibrary) {
      if (project instanceof Project) log.grantWrite(project);
      if (!(project instanceof CfnProject)) continue;
      project.addPropertyOverride('Cache', { Type: 'LOCAL', Modes: ['LOCAL_DOCKER_LAYER_CACHE'] });
      project.addPropertyOverride('LogsConfig.CloudWatchLogs', { Status: 'ENABLED', GroupName: log.logGroupName });
    }
  }
}
