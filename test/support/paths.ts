import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const AROMA = fileURLToPath(new URL('../../examples/aroma', import.meta.url));
