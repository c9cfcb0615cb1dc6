import { setTimeout as sleep } from 'node:timers/promises';
import {
  BatchGetBuildsCommand,
  type Build,
  CodeBuildClient,
  CodeBuildServiceException,
  StartBuildCommand,
} from '@aws-sdk/client-codebuild';
import type { PlaceFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { openAwsTarget } from '../target/aws-target.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';

export interface ImportFlags extends PlaceFlags {
  /** On AWS: follow the build to its end. */
  readonly wait?: boolean;
}

async function startBuild(client: CodeBuildClient, projectName: string, model: string): Promise<Build> {
  const environmentVariablesOverride = [{ name: 'MODEL', value: model, type: 'PLAINTEXT' as const }];
  try {
    const { build } = await client.send(new StartBuildCommand({ projectName, environmentVariablesOverride }));
    return build ?? {};
  } catch (error) {
    if (!(error instanceof CodeBuildServiceException)) throw error;
    throw new PlainProblem(
      `Expected the build project \`${projectName}\` to start, it said ${error.name}: ${error.message}`,
    );
  }
}

async function readBuild(client: CodeBuildClient, id: string): Promise<Build> {
  return (await client.send(new BatchGetBuildsCommand({ ids: [id] }))).builds?.[0] ?? {};
}

/** Where it fell, and what it said: `BUILD: COMMAND_EXECUTION_ERROR Error while executing command…`. */
export function whyFailed({ phases = [] }: Build): string {
  const failed = phases.find(({ phaseStatus }) => phaseStatus !== undefined && phaseStatus !== 'SUCCEEDED');
  const contexts = (failed?.contexts ?? []).flatMap(({ statusCode, message }) => [statusCode, message]);
  const said = contexts.filter(Boolean).join(' ');
  return failed ? `${failed.phaseType}${said ? `: ${said}` : ''}` : 'no phase says why';
}

export interface FollowOptions {
  readonly onPhase: (line: string) => void;
  readonly pollMs?: number;
}

/** Asks until the build has ended, and tells each phase once. */
export async function followBuild(
  read: () => Promise<Build>,
  { onPhase, pollMs = 5000 }: FollowOptions,
): Promise<Build> {
  let told: string | undefined;
  for (;;) {
    const build = await read();
    if (build.currentPhase && build.currentPhase !== told) onPhase(build.currentPhase);
    told = build.currentPhase;
    if (build.buildStatus !== 'IN_PROGRESS') return build;
    await sleep(pollMs);
  }
}

/** The log's page is known once CodeBuild has made the log. */
const logOf = ({ logs }: Build) => logs?.deepLink ?? '';

/** Starts the stack's CPU build that copies the weights into the bucket, and follows it to its end. */
export async function importByBuild(model: string, stack: string, { wait = true, json }: ImportFlags): Promise<number> {
  const target = await openAwsTarget(stack);
  const client = new CodeBuildClient(target.client);
  const started = await startBuild(client, target.output('ImportProject'), model);
  const id = started.id ?? '';
  say(
    `Started build ${id}. It goes on whether anybody watches or not. Log: ${logOf(started) || '/spot-diffusion/import-model'}`,
  );
  const read = () => readBuild(client, id);
  const end = wait ? await followBuild(read, { onPhase: (phase) => say(`  ${phase.toLowerCase()}`) }) : started;
  const status = end.buildStatus ?? 'IN_PROGRESS';
  if (wait)
    say(
      status === 'SUCCEEDED'
        ? `Imported ${model}.`
        : `The build ended ${status}: ${whyFailed(end)}. Log: ${logOf(end)}`,
    );
  answer(json, { model, build: id, status, log: logOf(end) });
  return wait && status !== 'SUCCEEDED' ? 1 : 0;
}
