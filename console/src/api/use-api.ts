import {
  keepPreviousData,
  type UseInfiniteQueryResult,
  type UseMutationResult,
  type UseQueryResult,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { FetchResponse, MaybeOptionalInit } from 'openapi-fetch';
import type { HttpMethod, PathsWithMethod } from 'openapi-typescript-helpers';
import { useClient } from './client.ts';
import type { Problem } from './problem.ts';
import type { paths } from './schema.d.ts';

type Json = 'application/json';
type Path<M extends HttpMethod> = PathsWithMethod<paths, M>;
type Init<M extends HttpMethod, P extends Path<M>> = MaybeOptionalInit<paths[P], M>;
/** What an operation answers when it succeeds. */
export type Answer<M extends HttpMethod, P extends Path<M>> = NonNullable<
  // biome-ignore lint/suspicious/noExplicitAny: the shape of an operation, as openapi-fetch declares it
  FetchResponse<paths[P][M & keyof paths[P]] & Record<string | number, any>, unknown, Json>['data']
>;

interface Options {
  /** Ask only while this holds. */
  enabled?: boolean;
  /** Ask again after so many milliseconds, for what changes by itself. */
  refetchInterval?: number;
  /** Keep the last answer while that of other parameters is loading, so that the layout stays. */
  keepPrevious?: boolean;
}

/** The key of a query: what `invalidateQueries` and `useLive` name, from its beginning. */
const queryKey = (path: string, init?: unknown) => (init === undefined ? [path] : [path, init]);

/** Asks the API, and asks again when the answer may have changed. */
export function useApi<P extends Path<'get'>>(
  method: 'get',
  path: P,
  // biome-ignore lint/complexity/noBannedTypes: it asks whether every member is optional
  ...[init, options = {}]: {} extends Init<'get', P>
    ? [init?: Init<'get', P>, options?: Options]
    : [init: Init<'get', P>, options?: Options]
): UseQueryResult<Answer<'get', P>, Problem> {
  const client = useClient();
  const { keepPrevious, ...rest } = options;
  return useQuery<Answer<'get', P>, Problem>({
    queryKey: queryKey(path, init),
    queryFn: ({ signal }) => call(client, method, path, { ...init, signal }) as Promise<Answer<'get', P>>,
    ...(keepPrevious ? { placeholderData: keepPreviousData } : {}),
    ...rest,
  });
}

type PageOf<P extends Path<'get'>> = Answer<'get', P> & { nextCursor?: string | null };

/** Asks for a list page by page: `fetchNextPage` appends the next one. */
export function useApiPages<P extends Path<'get'>>(
  path: P,
  init: Init<'get', P>,
  options: Omit<Options, 'keepPrevious'> = {},
): UseInfiniteQueryResult<{ pages: PageOf<P>[] }, Problem> {
  const client = useClient();
  return useInfiniteQuery<PageOf<P>, Problem, { pages: PageOf<P>[] }, readonly unknown[], string | null>({
    queryKey: [...queryKey(path, init), 'pages'],
    initialPageParam: null,
    queryFn: ({ signal, pageParam }) =>
      call(client, 'get', path, withCursor(init, pageParam, signal)) as Promise<PageOf<P>>,
    getNextPageParam: (last) => last.nextCursor ?? null,
    ...options,
  });
}

function withCursor(init: unknown, cursor: string | null, signal: AbortSignal): object {
  const { params, ...rest } = (init ?? {}) as { params?: { query?: object } };
  const query = { ...params?.query, ...(cursor ? { cursor } : {}) };
  return { ...rest, params: { ...params, query }, signal };
}

type Change = 'post' | 'put' | 'patch' | 'delete';

/** Changes something: `mutate(init)`. Afterwards every shown query is asked again, unless `keeps` says otherwise. */
export function useSend<M extends Change, P extends Path<M>>(
  method: M,
  path: P,
  options: { keeps?: boolean } = {},
): UseMutationResult<Answer<M, P>, Problem, Init<M, P>> {
  const client = useClient();
  const queries = useQueryClient();
  return useMutation<Answer<M, P>, Problem, Init<M, P>>({
    mutationFn: (init) => call(client, method, path, init) as Promise<Answer<M, P>>,
    onSuccess: async () => {
      if (!options.keeps) await queries.invalidateQueries();
    },
  });
}

/** The types of callers are checked above; here the method is a variable, which openapi-fetch has no type for. */
async function call(client: object, method: HttpMethod, path: string, init: unknown): Promise<unknown> {
  const methods = client as Record<string, (path: string, init: unknown) => Promise<{ data?: unknown }>>;
  const request = methods[method.toUpperCase()];
  if (!request) throw new Error(`openapi-fetch has no method ${method}`);
  const { data } = await request(path, init);
  return data ?? null;
}
