import { logged } from './logged.ts';
import { makeValidatePrompts } from './validate-prompts.ts';
import { readDefaultModel, wireBucket } from './wiring.ts';

export const handler = logged(
  'Validate prompts',
  makeValidatePrompts({ bucket: wireBucket(), defaultModel: readDefaultModel() }),
);
