import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { RequestHandler } from 'express';

interface Served {
  body: Buffer;
  etag: string;
}

export interface DocumentOptions {
  /** Its media type, as Express names it: `json`, `html`. */
  type: string;
  /** Seconds for which clients may keep it unasked. */
  maxAge?: number;
}

/**
 * Serves a document that never changes while the process runs. All answers share one buffer, plain or packed, so that any
 * number of clients who are slow to read it take no memory of their own.
 *
 * @param load reads it when it is first asked for
 */
export function serveDocument(
  load: () => Buffer | Promise<Buffer>,
  { type, maxAge }: DocumentOptions,
): RequestHandler {
  const plain = once(async () => describe(await load()));
  const packed = once(async () => describe(await promisify(gzip)((await plain()).body)));
  return async (req, res) => {
    const isPacked = req.acceptsEncodings('gzip', 'identity') === 'gzip';
    const { body, etag } = await (isPacked ? packed : plain)();
    res.type(type);
    res.setHeader('Vary', 'Accept-Encoding');
    res.setHeader('Cache-Control', maxAge === undefined ? 'no-cache' : `public, max-age=${maxAge}`);
    res.setHeader('ETag', etag);
    if (req.fresh) {
      res.status(304).end();
      return;
    }
    if (isPacked) res.setHeader('Content-Encoding', 'gzip');
    res.setHeader('Content-Length', body.length);
    res.end(req.method === 'HEAD' ? undefined : body);
  };
}

function describe(body: Buffer): Served {
  return { body, etag: `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"` };
}

/** The result of the first call that succeeds. */
function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | null = null;
  return () => {
    result ??= work().catch((error) => {
      result = null;
      throw error;
    });
    return result;
  };
}
