import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const AROMA = fileURLToPath(new URL('../../examples/aroma', import.meta.url));
export const TEALEAF = fileURLToPath(new URL('../../examples/tealeaf', import.meta.url));
