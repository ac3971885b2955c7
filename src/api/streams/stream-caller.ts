import type { IncomingMessage } from 'node:http';
import type { KeyLookup } from '../../app/api-keys/keys.ts';
import { authorize } from '../frame/auth.ts';
import type { StreamOwner } from './open-streams.ts';

/** Who opens a stream of changes. */
export type StreamCaller = StreamOwner;

/** Streams of one key: it may be that of a backend which shows them to many people. */
const PER_KEY = 1_000;

/** The caller of a stream, who must be allowed to read. @throws HttpError 401, 403 */
export async function findStreamCaller(req: IncomingMessage, lookup: KeyLookup): Promise<StreamCaller> {
  const { id, workspace } = await authorize(req, lookup, 'read');
  return { workspace, revocableId: id, expiresAt: null, counted: { [id]: PER_KEY } };
}
