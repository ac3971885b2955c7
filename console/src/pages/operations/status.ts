import type { Answer } from '../../api/use-api.ts';
import { useApi } from '../../api/use-api.ts';

/** How the installation does, as the API answers it. */
export type Status = Answer<'get', '/v1/operations'>;
export type Level = Status['level'];

const EVERY_MS = 5_000;

/** Asks every few seconds. */
export const useStatus = () =>
  useApi('get', '/v1/operations', {}, { refetchInterval: EVERY_MS, keepPrevious: true });
