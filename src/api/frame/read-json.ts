import express, { type Request, type RequestHandler, type Response } from 'express';
import { inspectValue } from '../../domain/values/inspect-value.ts';
import { parseLenientJson } from '../../sources/parse-json.ts';
import { type JsonScan, scanJson, UNKNOWN_SCAN } from '../../sources/scan-json.ts';
import { normalizeContentHeaders } from './content-headers.ts';
import { HttpError } from './http-error.ts';

/** A parsed body, and properties of its bytes. */
export interface ReadBody {
  value: unknown;
  scan: JsonScan;
  bytes: number;
}

/** How strictly JSON is read. */
export interface JsonReaderOptions {
  /** Accept `NaN` and `Infinity`, as some client libraries write them. */
  lenient?: boolean;
}

/** Reads the body as JSON, regardless of the content type. @throws HttpError, or an error of the parser */
export type JsonReader = (req: Request, res: Response) => Promise<ReadBody>;

/** Uncompressed size at most `limit`: what unpacks to more is refused while it unpacks. */
export function createJsonReader(limit: string, { lenient = false }: JsonReaderOptions = {}): JsonReader {
  const scans = new WeakMap<object, { scan: JsonScan; bytes: number }>();
  const parse: RequestHandler = express.json({
    type: () => true,
    limit,
    verify(req, _res, raw, encoding) {
      const scan = encoding.toLowerCase() === 'utf-8' ? scanJson(raw) : UNKNOWN_SCAN;
      scans.set(req, { scan, bytes: raw.length });
    },
  });
  return (req, res) =>
    new Promise((resolve, reject) => {
      normalizeContentHeaders(req);
      parse(req, res, (error?: unknown) => {
        const value: unknown = error && lenient ? parseRefusedText(error) : req.body;
        if (error && value === undefined) return reject(error);
        if (value === undefined) return reject(new HttpError(400, 'invalid_json', 'the body must be JSON'));
        const { scan, bytes } = scans.get(req) ?? { scan: UNKNOWN_SCAN, bytes: 0 };
        resolve({ value, scan, bytes });
      });
    });
}

/** What a lenient reading finds in a text that is no JSON; undefined if it finds nothing either. */
function parseRefusedText(error: unknown): object | undefined {
  const { type, body } = error as { type?: unknown; body?: unknown };
  if (type !== 'entity.parse.failed' || typeof body !== 'string') return undefined;
  try {
    const value = parseLenientJson(body);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

/** Refuses what can't be stored or gone through. @throws HttpError 400 */
export function checkBody({ value, scan }: ReadBody): void {
  if (!scan.suspicious && scan.depth <= 32) return;
  const flaw = inspectValue(value);
  if (flaw === 'too_deep') throw new HttpError(400, flaw, 'the body is nested deeper than 32 levels');
  if (flaw === 'invalid_text')
    throw new HttpError(400, flaw, 'a string holds U+0000 or half a surrogate pair');
}
