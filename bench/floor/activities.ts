import process from 'node:process';

/** What a bare worker tells: an activity runs, or its workflow has the result. */
export interface FloorMessage {
  kind: 'ran' | 'taken';
  id: string;
  /** Milliseconds since 1970, to the microsecond. */
  at: number;
}

export function sendToParent(kind: FloorMessage['kind'], id: string): void {
  process.send?.({ kind, id, at: performance.timeOrigin + performance.now() } satisfies FloorMessage);
}

/** Does nothing but tell that it runs, and when. */
export async function reportRun(id: string): Promise<void> {
  sendToParent('ran', id);
}
