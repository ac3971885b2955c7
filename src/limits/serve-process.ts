import { writeSync } from 'node:fs';

/** A request as a process of a pool receives it. */
export interface PoolRequest {
  id: number;
  request: unknown;
}

/** What a process of a pool answers: first that it is ready, then to each request. */
export type PoolMessage =
  | { ready: true }
  | { id: number; ok: true; answer: unknown }
  | { id: number; ok: false; error: string };

const STDOUT = 1;

/** Says what the process works on, which is all that is known of work that was ended. It costs some microseconds. */
export function sayPlace(place: string): void {
  try {
    writeSync(STDOUT, `${JSON.stringify(place)}\n`);
  } catch {
    // Nobody has read for long. The next one may be read.
  }
}

/** Answers the requests of the pool that has started this process, one after the other. */
export function serveProcess<Request>(answer: (request: Request) => Promise<unknown>): void {
  const send = (message: PoolMessage) => process.send?.(message);
  process.on('message', async ({ id, request }: PoolRequest) => {
    try {
      send({ id, ok: true, answer: await answer(request as Request) });
    } catch (error) {
      send({ id, ok: false, error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
  });
  send({ ready: true });
}
