import { logged } from './logged.ts';
import { makeValidatePrompts } from './validate-prompts.ts';
import { readDefaultModel, readLimits, wireBucket, wireClaims } from './wiring.ts';

export const handler = logged(
  'Validate prompts',
  makeValidatePrompts({
    bucket: wireBucket(),
    claims: wireClaims(),
    defaultModel: readDefaultModel(),
    limits: readLimits(),
  }),
);
