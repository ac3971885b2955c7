import type { IncomingMessage } from 'node:http';

/** Other names of UTF-8, and names of its part ASCII. */
const UTF8_NAMES = ['utf-8', 'utf8', 'utf_8', 'us-ascii', 'ascii'];
/** Values of Content-Encoding that say how the text is encoded, or nothing, where a compression belongs. */
const NO_COMPRESSION = [...UTF8_NAMES, 'none', ''];

/** Rewrites the names in a request's headers that a parser of bodies does not know: `utf8`, `x-gzip`. */
export function normalizeContentHeaders({ headers }: IncomingMessage): void {
  const encoding = headers['content-encoding']?.trim().toLowerCase();
  if (encoding === 'x-gzip') headers['content-encoding'] = 'gzip';
  else if (encoding !== undefined && NO_COMPRESSION.includes(encoding)) delete headers['content-encoding'];
  const charset = readCharset(headers['content-type']);
  if (charset !== undefined && charset !== 'utf-8' && isUtf8Name(charset))
    headers['content-type'] = headers['content-type']?.replace(CHARSET, '; charset=utf-8');
}

/** The charset that a content type names, in lower case. */
export function readCharset(contentType: string | undefined): string | undefined {
  return CHARSET.exec(contentType ?? '')?.[1]?.toLowerCase();
}

/** Whether text in this charset can be read as UTF-8. */
export function isUtf8Name(charset: string): boolean {
  return UTF8_NAMES.includes(charset);
}

const CHARSET = /;\s*charset\s*=\s*["']?([^\s"';]+)["']?/i;
