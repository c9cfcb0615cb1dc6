import { TABLE, TOPIC_ARN } from '../../local/names.ts';
import { synthesize } from '../infra/synth.ts';
import { collectGrants, type Grants, type Principal } from './policies.ts';
import { environment } from './record.ts';
import { makeResolve } from './resolve.ts';
import { listOf, type Template } from './template.ts';

export interface Rights {
  readonly template: Template;
  readonly grants: ReadonlyMap<Principal, Grants>;
  readonly topicKeyArn?: string;
}

/** What the stack grants when all of it is deployed, in the names of this machine. */
export function readRights(): Rights {
  const template = synthesize({ goldenAmi: true, placementScores: true }) as Template;
  const resolve = makeResolve(template, { BUCKET: 'spot-diffusion', TABLE, TOPIC_ARN, ...environment });
  const [topic] = listOf(template, 'AWS::SNS::Topic');
  const key = resolve(topic?.[1].Properties?.KmsMasterKeyId);
  return { template, grants: collectGrants(template, resolve), topicKeyArn: key === undefined ? key : String(key) };
}
