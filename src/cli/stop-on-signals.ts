import process from 'node:process';

/**
 * Aborted by Ctrl-C, SIGTERM and the given signal.
 *
 * @returns the signal, and what leaves Ctrl-C to others again
 */
export function stopOnSignals(more?: AbortSignal): { signal: AbortSignal; stop(): void; done(): void } {
  const stopped = new AbortController();
  const stop = () => stopped.abort();
  process.once('SIGINT', stop).once('SIGTERM', stop);
  return {
    signal: AbortSignal.any([stopped.signal, ...(more ? [more] : [])]),
    stop,
    done: () => void process.off('SIGINT', stop).off('SIGTERM', stop),
  };
}
