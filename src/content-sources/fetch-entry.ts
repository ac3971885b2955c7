import type { Outbound } from '../outbound/outbound.ts';
import type { CmsKind, EntryFields, EntryRequest } from './cms-kind.ts';
import type { CmsSettings } from './cms-setting.ts';
import { CMS_KINDS } from './kinds.ts';

export type FetchedEntry =
  /** The copy that is known is the newest. */
  | { kind: 'unchanged' }
  | ({ kind: 'entry'; etag: string | null } & EntryFields)
  /** `retryAfterMs`: the CMS asks for a pause. */
  | { kind: 'failed'; reason: string; retryAfterMs: number | null };

const MAX_BYTES = 512_000;
const REPLY_MS = 8_000;
const LONGEST_PAUSE_MS = 600_000;

/** Asks a CMS for an entry. @param etag of the copy that is known. Never throws */
export async function fetchEntry(
  outbound: Outbound,
  settings: CmsSettings,
  request: EntryRequest,
  etag: string | null,
): Promise<FetchedEntry> {
  const kind = CMS_KINDS[settings.kind] as CmsKind;
  const failed = (reason: string, retryAfterMs: number | null = null): FetchedEntry => ({
    kind: 'failed',
    reason,
    retryAfterMs,
  });
  const { url, headers } = kind.buildRequest(settings, request);
  const result = await outbound.request({
    method: 'GET',
    url,
    headers: {
      accept: 'application/json',
      'user-agent': 'throughline',
      ...headers,
      ...(etag === null ? {} : { 'if-none-match': etag }),
    },
    maxBytes: MAX_BYTES,
    replyMs: REPLY_MS,
  });
  if (result.kind !== 'reply') return failed(result.error);
  const { status, complete, body } = result;
  if (status === 304 && etag !== null) return { kind: 'unchanged' };
  if (status === 429 || status === 503)
    return failed(`the CMS answered ${status}`, readPause(result.headers['retry-after']));
  if (status !== 200) return failed(`the CMS answered ${status}${explain(status)}`);
  if (!complete) return failed(`the answer is longer than ${MAX_BYTES} bytes, or was cut off`);
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return failed('the answer is no JSON');
  }
  const read = kind.readEntry(json, settings);
  if (!read) return failed(`the answer is not that of ${settings.kind}`);
  return { kind: 'entry', etag: result.headers.etag ?? null, ...read };
}

/** What usually is the matter. */
function explain(status: number): string {
  if (status === 401 || status === 403) return ': the token may not read it, or it is not published';
  if (status === 404) return ': there is no such entry, or it is not published';
  return status >= 300 && status < 400 ? ': redirects are not followed' : '';
}

function readPause(header: string | undefined): number | null {
  const seconds = Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds * 1_000, LONGEST_PAUSE_MS) : null;
}
