import { Unavailable } from '../intake/incoming-event.ts';

/** Runs work while little of it runs: the rest waits, in order. */
export type RunFew = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * @param atOnce how much runs at once
 * @param mayWait how much waits at most; more is refused with `Unavailable`
 */
export function createRunFew(atOnce: number, mayWait: number): RunFew {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= atOnce) {
      if (waiting.length >= mayWait) throw new Unavailable('too many log-ins wait for this process');
      await new Promise<void>((resolve) => waiting.push(resolve));
    } else running++;
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      // The place is handed on, so that no later caller takes it.
      if (next) next();
      else running--;
    }
  };
}
