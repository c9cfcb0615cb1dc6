import { makeValidatePrompts } from './validate-prompts.ts';
import { wire } from './wiring.ts';

export const handler = makeValidatePrompts({ bucket: wire.bucket(), defaultModel: wire.defaultModel() });
