import process from 'node:process';

/** A message of the floor's worker: an activity runs, or its workflow has the result. */
export interface FloorMessage {
  kind: 'ran' | 'finished';
  id: string;
  /** Milliseconds since 1970, to the microsecond. */
  at: number;
}

export function sendToParent(kind: FloorMessage['kind'], id: string): void {
  process.send?.({ kind, id, at: performance.timeOrigin + performance.now() } satisfies FloorMessage);
}

/** The activity of the floor. It only reports that it runs, and when. */
export async function reportRun(id: string): Promise<void> {
  sendToParent('ran', id);
}
