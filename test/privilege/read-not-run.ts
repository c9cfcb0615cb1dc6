/** What no run at the endpoint can hold: people read it, and it can't grow unseen. */
export interface ReadCondition {
  readonly principal: string;
  readonly actions: readonly string[];
  readonly condition: unknown;
  readonly reason: string;
}

export const readConditions: readonly ReadCondition[] = [
  {
    principal: 'explain-waiting',
    actions: ['iam:PassRole'],
    condition: { StringEquals: { 'iam:PassedToService': 'scheduler.amazonaws.com' } },
    reason: 'The role of the timers may be passed to EventBridge Scheduler and to nothing else.',
  },
  {
    principal: 'adopt-golden-ami',
    actions: ['ec2:DeregisterImage'],
    condition: { StringEquals: { 'aws:ResourceTag/spot-diffusion': 'golden-ami' } },
    reason:
      'Image Builder chooses the ids; the tag of its distribution keeps other images of the account out of reach.',
  },
  {
    principal: 'adopt-golden-ami',
    actions: ['ec2:DeleteSnapshot'],
    condition: { StringEquals: { 'aws:ResourceTag/CreatedBy': 'EC2 Image Builder' } },
    reason: "An AMI's tags do not reach its snapshots; Image Builder's own tag does.",
  },
];

/** Roles that act while nobody's job runs: at deploy, when something is built, in a drill, or AWS's own agents. */
export const otherRoles: readonly { readonly pattern: RegExp; readonly reason: string }[] = [
  { pattern: /^AWS679f53fac002430cb0da5b7982bd2287/, reason: 'CDK: single SDK calls at deploy' },
  { pattern: /^DeployTimeBuildCustomResourceHandler/, reason: 'starts the build of the container image at deploy' },
  { pattern: /^ContainerImageBuild/, reason: 'CodeBuild builds the container image' },
  { pattern: /^ModelImportProjectRole/, reason: 'CodeBuild copies weights into the bucket' },
  { pattern: /^GoldenAmiBuilderRole/, reason: 'the instance on which Image Builder works' },
  { pattern: /^InstancesRole/, reason: "the ECS agent of Batch's instances" },
  { pattern: /^ScheduleRole/, reason: 'EventBridge Scheduler starts a job of a schedule that a person added' },
  { pattern: /^TimersRole/, reason: 'EventBridge Scheduler wakes Explain waiting' },
  { pattern: /^Drill(Interrupt|Capacity)Role/, reason: 'AWS FIS rehearses an interruption and scarce capacity' },
];

/** Resources that a statement names and no call touches. */
export const spareResources: readonly { readonly resource: string; readonly reason: string }[] = [
  {
    resource: 'state machine: arn:aws:batch:us-east-1:123456789012:job-definition/spot-diffusion-worker',
    reason:
      'SubmitJob knows two kinds of resource, the definition and its revision; only the revision is submitted here.',
  },
];
