import { type UseQueryResult, useQuery } from '@tanstack/react-query';
import { fetchLoginOptions } from '../session-calls.ts';

/** The key of the query. */
export const LOGIN_OPTIONS = 'login options';

/** How one may log in here. */
export const useLoginOptions = (): UseQueryResult<{ oneClick: boolean }> =>
  useQuery({ queryKey: [LOGIN_OPTIONS], queryFn: fetchLoginOptions, retry: false });
