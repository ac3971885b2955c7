import { decodeRecord } from '../../db/decisions/record/decision-record.ts';
import type { CandidateDecoder } from './checker/read-database.ts';

/** Reads a decision's record with the product's own decoder: how it is stored is not what the checker judges. */
export const decodeCandidates: CandidateDecoder = (record) => decodeRecord(record, 'candidates').candidates;
