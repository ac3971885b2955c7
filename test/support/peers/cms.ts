import type { IncomingMessage, ServerResponse } from 'node:http';
import { startPeer } from './peer.ts';

/** An entry as its author has published it. */
interface PublishedEntry {
  fields: Record<string, unknown>;
  /** Raised with each edit. */
  revision: number;
  updatedAt: string;
}

/** How a vendor answers; tests make it answer otherwise. */
export interface CmsVendor {
  token: string;
  /** The id of the entry that a path asks for; null: another path. */
  readPath(url: URL): string | null;
  answerEntry(id: string, entry: PublishedEntry, locale: string | null): unknown;
  refuse: Record<'unauthorized' | 'missing', { status: number; body: unknown }>;
  /** Whether the vendor sends etags. */
  hasEtags: boolean;
}

export interface CmsPeer {
  url: string;
  entries: Map<string, PublishedEntry>;
  /** What was asked: path, and whether it was conditional. */
  requests: {
    path: string;
    ifNoneMatch: string | undefined;
    authorization: string | undefined;
    status: number;
  }[];
  /** Answers instead of the vendor; null: the vendor does. */
  fault: ((req: IncomingMessage, res: ServerResponse) => void) | null;
  publish(id: string, fields: Record<string, unknown>): void;
  stop(): Promise<void>;
}

/** Serves entries as a vendor does. */
export async function startCms(vendor: CmsVendor): Promise<CmsPeer> {
  const entries = new Map<string, PublishedEntry>();
  const peer: Omit<CmsPeer, 'url' | 'stop'> = {
    entries,
    requests: [],
    fault: null,
    publish(id, fields) {
      const revision = (entries.get(id)?.revision ?? 0) + 1;
      entries.set(id, {
        fields,
        revision,
        updatedAt: new Date(1_800_000_000_000 + revision * 1_000).toISOString(),
      });
    },
  };
  const server = await startPeer((req, res) => {
    const url = new URL(req.url ?? '/', 'http://localhost');
    res.once('finish', () =>
      peer.requests.push({
        path: req.url ?? '',
        ifNoneMatch: req.headers['if-none-match'],
        authorization: req.headers.authorization,
        status: res.statusCode,
      }),
    );
    if (peer.fault) return peer.fault(req, res);
    const send = (status: number, body: unknown, headers: Record<string, string> = {}) => {
      res.writeHead(status, { 'content-type': 'application/json', ...headers });
      res.end(status === 304 ? undefined : JSON.stringify(body));
    };
    const { unauthorized, missing } = vendor.refuse;
    if (req.headers.authorization !== `Bearer ${vendor.token}`)
      return send(unauthorized.status, unauthorized.body);
    const id = vendor.readPath(url);
    const entry = id === null ? undefined : entries.get(id);
    if (id === null || !entry) return send(missing.status, missing.body);
    const etag = `W/"${entry.revision}-${id}"`;
    const headers: Record<string, string> = vendor.hasEtags ? { etag } : {};
    if (vendor.hasEtags && req.headers['if-none-match'] === etag) return send(304, null, headers);
    send(200, vendor.answerEntry(id, entry, url.searchParams.get('locale')), headers);
  });
  return Object.assign(peer, { url: server.url, stop: server.stop });
}
