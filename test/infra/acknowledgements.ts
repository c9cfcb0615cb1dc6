import { type Stack, Validations } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { IConstruct } from 'constructs';

/** The rules that are acknowledged on a construct itself. */
const rulesOf = ({ node }: IConstruct): readonly string[] =>
  node.metadata
    .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
    .flatMap(({ data }) => Object.keys(data).map((id) => id.replace('Annotation::', '')));

/** Every acknowledgement of a stack: `<rule> at <construct>`. */
export const listAcknowledged = (stack: Stack): readonly string[] =>
  stack.node.findAll().flatMap((construct) => rulesOf(construct).map((rule) => `${rule} at ${construct.node.path}`));

/** Those that a finding of cdk-nag asks for: on the resource or, nearest first, above it. */
export function listUsed(stack: Stack): readonly string[] {
  const used: string[] = [];
  const isAcknowledged = ({ node }: IConstruct, rule: string) => {
    const at = node.scopes.findLast((scope) => rulesOf(scope).includes(rule));
    if (at) used.push(`${rule} at ${at.node.path}`);
    return at !== undefined;
  };
  // How the pack asks is private to it; it says nothing of what was acknowledged.
  const pack = new AwsSolutionsChecks();
  Object.assign(pack, { isAcknowledged });
  pack.validateScope(stack);
  return used;
}
