import { RequestServiceQuotaIncreaseCommand, ServiceQuotasServiceException } from '@aws-sdk/client-service-quotas';
import { instanceTypes } from '../../functions/core/market/instance-types.ts';
import { listQuotas, type QuotaOfMarket } from '../../functions/core/market/quota-room.ts';
import type { PlaceFlags } from '../grammar/flags.ts';
import { PlainProblem } from '../grammar/plain-problem.ts';
import { UsageProblem } from '../grammar/usage-problem.ts';
import { openTarget } from '../target/open-target.ts';
import { listOutput, type Target } from '../target/target.ts';
import { answer } from '../words/answer.ts';
import { say } from '../words/say.ts';
import { judgeQuotaWish, type QuotaVerdict } from './judge-quota.ts';
import { makeQuotaClients, type QuotaClients, readQuotas } from './read-quotas.ts';
import { verdictLines } from './verdict-lines.ts';

export interface QuotaFlags extends PlaceFlags {
  readonly code?: string;
  readonly vcpus?: number;
  readonly instances?: number;
  readonly yes?: boolean;
}

type Short = Extract<QuotaVerdict, { state: 'short' }>;

/** Service Quotas takes no reason with a request: it is for the case that AWS may open. */
async function send({ quotas }: QuotaClients, { code, to }: Short): Promise<string> {
  const command = new RequestServiceQuotaIncreaseCommand({ ServiceCode: 'ec2', QuotaCode: code, DesiredValue: to });
  try {
    const { RequestedQuota: { Id: id = '', Status: status = '' } = {} } = await quotas.send(command);
    say(`Asked for ${to} vCPUs of ${code}: ${status}, ${id}. AWS mails its answer, in minutes or days.`);
    return id;
  } catch (error) {
    if (!(error instanceof ServiceQuotasServiceException)) throw error;
    throw new PlainProblem(
      `Expected Service Quotas to take the request for ${code}, it said ${error.name}: ${error.message}`,
    );
  }
}

/** Those that the configured pools draw on, or the one that was named. */
function chooseQuotas(code: string | undefined, types: readonly string[]): readonly QuotaOfMarket[] {
  if (code === undefined) return listQuotas(types);
  const named = listQuotas(instanceTypes.map(({ name }) => name)).filter(({ quota }) => quota.code === code);
  if (named.length) return named;
  throw new UsageProblem(`Expected the code of a quota that an instance type of ours draws on, got \`${code}\`.`);
}

async function request(target: Target, flags: QuotaFlags): Promise<number> {
  const { code, vcpus, instances = 1, yes = false, json = false } = flags;
  const types = listOutput(target, 'InstanceTypes');
  const clients = await makeQuotaClients(target.client);
  const readings = await readQuotas(clients, chooseQuotas(code, types));
  const verdicts = readings.map((reading) => judgeQuotaWish(reading, { types, instances, vcpus }));
  for (const verdict of verdicts) for (const line of verdictLines(verdict)) say(line);
  const short = verdicts.filter((verdict): verdict is Short => verdict.state === 'short');
  const requests: Record<string, string> = {};
  if (yes) for (const verdict of short) requests[verdict.code] = await send(clients, verdict);
  else if (short.length) say('Nothing was asked: the same command with `--yes` does it.');
  const quotas = verdicts.map((verdict) => ({ ...verdict, request: requests[verdict.code] }));
  answer(json, { quotas });
  if (short.length && !yes) return 2;
  return verdicts.some(({ state }) => state === 'unknown') ? 1 : 0;
}

/** `quota request`: asks AWS for the vCPUs that the configured pools lack. */
export async function requestQuota(flags: QuotaFlags): Promise<number> {
  if (flags.vcpus !== undefined && flags.code === undefined) {
    throw new UsageProblem('Expected `--code` beside `--vcpus`: each quota has a number of its own.');
  }
  const target = await openTarget({ command: 'quota', ...flags });
  try {
    return await request(target, flags);
  } finally {
    await target.close();
  }
}
