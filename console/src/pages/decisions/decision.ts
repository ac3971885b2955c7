import type { Answer } from '../../api/use-api.ts';

/** A decision with every candidate, as the API answers it. */
export type Decision = Answer<'get', '/v1/decisions/{id}'>;
export type Candidate = Decision['candidates'][number];
export type Arbitration = Decision['arbitrations'][number];

/** The arm of doing nothing. */
export const DO_NOTHING = '∅';
