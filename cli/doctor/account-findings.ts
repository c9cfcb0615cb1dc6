import type { Answer } from '../../functions/core/market/gap.ts';
import { rolesLink, stackLink } from '../../functions/core/tell/console-links.ts';
import type { StackFact } from '../target/stack-fact.ts';
import { type Finding, judgeAnswer } from './finding.ts';

/** Who asks, and where. */
export interface Identity {
  readonly account: string;
  readonly arn: string;
  readonly region: string;
}

export function judgeIdentity(answer: Answer<Identity>): Finding {
  if (answer.problem === undefined) {
    const { account, arn, region } = answer.value;
    return { name: 'credentials', state: 'ok', says: `${arn} of account ${account}, in ${region}` };
  }
  // Everyone may ask who he is: what is refused here are the credentials.
  return {
    name: 'credentials',
    state: 'problem',
    says: `AWS did not say who asks: ${answer.problem}`,
    fix: /region/i.test(answer.problem)
      ? 'set `AWS_REGION` to where the stack was deployed'
      : 'log in (`aws sso login`, `aws configure`), or set `AWS_PROFILE`; `aws sts get-caller-identity` must answer',
  };
}

const settled = new Set(['CREATE_COMPLETE', 'UPDATE_COMPLETE', 'IMPORT_COMPLETE']);

/** @param answer undefined: there is no such stack */
export function judgeStack(
  name: string,
  region: string,
  answer: Answer<Pick<StackFact, 'id' | 'name' | 'status'> | undefined>,
): readonly Finding[] {
  return judgeAnswer('stack', answer, (stack) => {
    if (!stack) {
      const says = `${name} is not in ${region}`;
      const fix = '`npx cdk deploy`, or set `--stack` and `AWS_REGION` to where it was deployed';
      return [{ name: 'stack', state: 'problem', says, fix }];
    }
    const found = { name: 'stack', says: `${name} is ${stack.status}`, link: stackLink(region, stack.id) };
    if (settled.has(stack.status)) return [{ ...found, state: 'ok' }];
    // Nothing of the failed deploy is left, what was there before works on.
    const worksOn = /^UPDATE_ROLLBACK_COMPLETE|^UPDATE.*_IN_PROGRESS$/.test(stack.status);
    const fix = 'see its events for what failed, then `npx cdk deploy`';
    return [{ ...found, state: worksOn ? 'warning' : 'problem', fix }];
  });
}

/** Without the first two no compute environment is valid; the others AWS makes at first use, and a job may race for them. */
export const serviceRoles = [
  { role: 'AWSServiceRoleForEC2Spot', service: 'spot', needed: true },
  { role: 'AWSServiceRoleForBatch', service: 'batch', needed: true },
  { role: 'AWSServiceRoleForECS', service: 'ecs', needed: false },
  { role: 'AWSServiceRoleForAutoScaling', service: 'autoscaling', needed: false },
] as const;

/** @param answer names of those that are missing */
export function judgeRoles(answer: Answer<readonly string[]>, region: string): readonly Finding[] {
  return judgeAnswer('roles', answer, (missing): readonly Finding[] => {
    if (!missing.length) return [{ name: 'roles', state: 'ok', says: 'the service-linked roles are there' }];
    const roles = serviceRoles.filter(({ role }) => missing.includes(role));
    const commands = roles.map(
      ({ service }) => `aws iam create-service-linked-role --aws-service-name ${service}.amazonaws.com`,
    );
    return [
      {
        name: 'roles',
        state: roles.some(({ needed }) => needed) ? 'problem' : 'warning',
        says: `missing: ${missing.join(', ')}`,
        fix: `\`npx cdk deploy\`, or \`${commands.join(' && ')}\``,
        link: rolesLink(region),
      },
    ];
  });
}
