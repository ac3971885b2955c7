import { useSyncExternalStore } from 'react';

type Listener = () => void;

/** Since when the API does not answer, as milliseconds; null while it does. */
let since: number | null = null;
const listeners = new Set<Listener>();

function change(next: number | null): void {
  if (next === since) return;
  since = next;
  for (const listener of listeners) listener();
}

/** Records that a request got an answer. */
export const noteAnswer = (): void => change(null);
/** Records that a request got none. */
export const noteSilence = (): void => change(since ?? Date.now());

const subscribe = (listener: Listener) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

/** Since when the API does not answer; null while it does. */
export const useUnreachableSince = (): number | null => useSyncExternalStore(subscribe, () => since);
