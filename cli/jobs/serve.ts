import { once } from 'node:events';
import { REGION } from '../../local/names.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import type { LocalRunFlags } from '../grammar/run-flags.ts';
import { defaultPort, openWorkflow } from '../target/local-target.ts';
import { answer } from '../words/answer.ts';

/** Keeps the endpoint up until Ctrl-C, for any AWS client. */
export async function serve(flags: PlaceFlags & LocalRunFlags): Promise<number> {
  // stdout belongs to `--json`.
  const say = (line: string) => (flags.json ? process.stderr : process.stdout).write(`${line}\n`);
  const { local, close } = await openWorkflow({ command: 'serve', ...flags }, defaultPort, say);
  say(`Serving the state machine \`spot-diffusion\` on ${local.endpoint} (Ctrl-C ends it). For example:`);
  say(
    `  export AWS_ENDPOINT_URL=${local.endpoint} AWS_REGION=${REGION} AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local`,
  );
  say(
    `  aws stepfunctions start-execution --state-machine-arn ${local.stateMachineArn} --input '{"prompt":"a red circle"}'`,
  );
  say(`  aws s3 ls s3://${local.bucket}/images/`);
  const { endpoint, stateMachineArn, bucket } = local;
  answer(flags.json, { endpoint, region: REGION, stateMachineArn, bucket });
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  await close();
  return 0;
}
