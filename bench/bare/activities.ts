import process from 'node:process';

/** What a bare worker tells: an activity runs, or its workflow has the result. */
export interface Told {
  kind: 'ran' | 'taken';
  id: string;
  /** Milliseconds since 1970, to the microsecond. */
  at: number;
}

export function tell(kind: Told['kind'], id: string): void {
  process.send?.({ kind, id, at: performance.timeOrigin + performance.now() } satisfies Told);
}

/** Does nothing but tell that it runs, and when. */
export async function note(id: string): Promise<void> {
  tell('ran', id);
}
