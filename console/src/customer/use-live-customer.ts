import { useQueryClient } from '@tanstack/react-query';
import { useEffect } from 'react';

/** What the stream says: what is read from now on can't become old unnoticed; or what has become old. */
const CHANGES = ['hello', 'changed', 'merged', 'erased'];
/** After a stream that was refused, such as for too many. */
const AGAIN_MS = 15_000;

/**
 * Asks again whenever the customer has changed, for as long as the page is open.
 * @param token of an embedded page, which has no session
 */
export function useLiveCustomer(customerId: string, token?: string): void {
  const queries = useQueryClient();
  useEffect(() => {
    let source: EventSource | undefined;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const askAgain = () => void queries.invalidateQueries();
    const open = () => {
      const query = token === undefined ? '' : `?token=${encodeURIComponent(token)}`;
      source = new EventSource(`/v1/customers/${encodeURIComponent(customerId)}/stream${query}`);
      for (const name of CHANGES) source.addEventListener(name, askAgain);
      source.addEventListener('error', () => {
        // The browser comes again by itself after a break, and not after a refusal.
        if (source?.readyState === EventSource.CLOSED) timer = setTimeout(open, AGAIN_MS);
      });
    };
    open();
    return () => {
      source?.close();
      clearTimeout(timer);
    };
  }, [customerId, token, queries]);
}
