import { join } from 'node:path';

/** The repository, and what of it is deployed. */
export const root = join(import.meta.dirname, '..');
export const functionsDir = join(root, 'functions');
export const definitionFile = join(root, 'statemachine', 'spot-diffusion.asl.json');
export const schedulesDir = join(root, 'schedules');
