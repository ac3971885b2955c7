import type { IncomingMessage } from 'node:http';
import type { Authorize } from '../frame/auth.ts';
import type { StreamOwner } from './open-streams.ts';

/** Who opens a stream of changes. */
export type StreamCaller = StreamOwner;

/** Streams of one key: it may be that of a backend which shows them to many people. */
const PER_KEY = 1_000;
/** Streams of one person, in the tabs of their browsers. */
const PER_PERSON = 50;

/** The caller of a stream, who must be allowed to read. @throws HttpError 401, 403 */
export async function findStreamCaller(
  req: IncomingMessage,
  operation: string,
  authorize: Authorize,
): Promise<StreamCaller> {
  const { id, workspace, person } = await authorize(req, { operation, scopes: ['read'] });
  return {
    workspace,
    revocableId: person?.id ?? id,
    expiresAt: person?.expiresAt ?? null,
    counted: { [id]: person ? PER_PERSON : PER_KEY },
  };
}
