import { JOB_DEFINITION } from '../../local/names.ts';
import type { Resolve } from './resolve.ts';
import { type Entry, listOf, read, type Template, targetOf } from './template.ts';

export interface Statement {
  readonly Effect: 'Allow' | 'Deny';
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: unknown;
}

/** What a principal may do: its own statements, and by name the policies that AWS wrote. */
export interface Grants {
  readonly statements: readonly Statement[];
  readonly managed: readonly string[];
}

/** Who signs calls while a job runs: a function by its file name, `state machine`, or `worker`. */
export type Principal = string;

export const FUNCTION_PREFIX = 'spot-diffusion-';

export function collectGrants(template: Template, resolve: Resolve): ReadonlyMap<Principal, Grants> {
  return new Map([...rolesOf(template)].map(([principal, role]) => [principal, grantsOf(template, role, resolve)]));
}

/** The roles of the template that act while no job of ours runs: they are not held here. */
export function listOtherRoles(template: Template): readonly string[] {
  const ours = new Set(rolesOf(template).values());
  return listOf(template, 'AWS::IAM::Role').flatMap(([id]) => (ours.has(id) ? [] : [id]));
}

function rolesOf(template: Template): ReadonlyMap<Principal, string> {
  const roles = new Map<Principal, string>();
  const set = (principal: Principal, role: unknown) => {
    const id = targetOf(role);
    if (id) roles.set(principal, id);
  };
  for (const [, { Properties }] of listOf(template, 'AWS::Lambda::Function')) {
    const name = Properties?.FunctionName;
    const isOurs = typeof name === 'string' && name.startsWith(FUNCTION_PREFIX);
    if (isOurs) set(name.slice(FUNCTION_PREFIX.length), Properties?.Role);
  }
  for (const [, { Properties }] of listOf(template, 'AWS::StepFunctions::StateMachine')) {
    set('state machine', Properties?.RoleArn);
  }
  for (const [, { Properties }] of listOf(template, 'AWS::Batch::JobDefinition')) {
    if (Properties?.JobDefinitionName === JOB_DEFINITION) {
      set('worker', read(Properties, 'ContainerProperties', 'JobRoleArn'));
    }
  }
  return roles;
}

function grantsOf(template: Template, role: string, resolve: Resolve): Grants {
  const attached = [...listOf(template, 'AWS::IAM::Policy'), ...listOf(template, 'AWS::IAM::ManagedPolicy')];
  const arns = listed(read(template.Resources[role]?.Properties, 'ManagedPolicyArns'));
  const names = arns.map(targetOf);
  const isAttached = ([id, { Properties }]: Entry) =>
    names.includes(id) || listed(Properties?.Roles).some((one) => targetOf(one) === role);
  const inline = listed(read(template.Resources[role]?.Properties, 'Policies'));
  const documents = [...inline, ...attached.filter(isAttached).map(([, { Properties }]) => Properties)];
  return {
    statements: documents.flatMap((one) =>
      listed(read(one, 'PolicyDocument', 'Statement')).map((statement) => resolve(statement) as Statement),
    ),
    managed: arns
      .filter((arn) => targetOf(arn) === undefined)
      .map((arn) => String(resolve(arn)).split('/').at(-1) ?? ''),
  };
}

function listed(value: unknown): readonly unknown[] {
  if (value === undefined) return [];
  return Array.isArray(value) ? value : [value];
}
