import process from 'node:process';

export interface Ran {
  id: string;
  /** Milliseconds since 1970, to the microsecond. */
  at: number;
}

/** Does nothing but tell that it runs, and when. */
export async function note(id: string): Promise<void> {
  process.send?.({ id, at: performance.timeOrigin + performance.now() } satisfies Ran);
}
