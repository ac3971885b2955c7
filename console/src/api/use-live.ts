import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { LiveConnection, type LiveState } from './live-connection.ts';

type LiveTopic = 'events' | 'tasks' | 'rejected' | 'deliveries';

/** A customer, with the token of an embedded page; or lists of the workspace. */
export type LiveSubject = { customer: string; token?: string } | { topics: readonly LiveTopic[] };

/** A tab that nobody has seen for so long needs no connection. */
const HIDDEN_MS = 20_000;

/**
 * Asks again whenever something has changed, for as long as the page is open. A page uses it once: a second connection
 * takes the place of the first.
 *
 * @param paths of the queries to ask again; without them, every query that is shown
 * @returns what `<LiveSign>` shows
 */
export function useLive(subject: LiveSubject, paths?: readonly string[]): LiveState {
  const queries = useQueryClient();
  const [state, setState] = useState<LiveState>('connecting');
  const url = toUrl(subject);
  const asked = paths?.join(' ');
  useEffect(() => {
    const onChange = () =>
      Promise.all(
        asked === undefined
          ? [queries.invalidateQueries()]
          : asked.split(' ').map((path) => queries.invalidateQueries({ queryKey: [path] })),
      );
    const connection = new LiveConnection({ url, onChange, onState: setState });
    let timer: ReturnType<typeof setTimeout> | undefined;
    const followVisibility = () => {
      clearTimeout(timer);
      if (document.visibilityState === 'visible') connection.resume();
      else timer = setTimeout(() => connection.pause(), HIDDEN_MS);
    };
    document.addEventListener('visibilitychange', followVisibility);
    return () => {
      document.removeEventListener('visibilitychange', followVisibility);
      clearTimeout(timer);
      connection.close();
    };
  }, [url, asked, queries]);
  return state;
}

function toUrl(subject: LiveSubject): string {
  if ('topics' in subject) return `/v1/stream?topics=${subject.topics.join(',')}`;
  const query = subject.token === undefined ? '' : `?token=${encodeURIComponent(subject.token)}`;
  return `/v1/customers/${encodeURIComponent(subject.customer)}/stream${query}`;
}
