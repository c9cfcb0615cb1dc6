import { logged } from './logged.ts';
import { makeValidatePrompts } from './validate-prompts.ts';
import { wire } from './wiring.ts';

export const handler = logged(
  'Validate prompts',
  makeValidatePrompts({ bucket: wire.bucket(), defaultModel: wire.defaultModel() }),
);
