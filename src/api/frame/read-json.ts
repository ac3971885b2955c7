import express, { type Request, type RequestHandler, type Response } from 'express';
import { inspectValue } from '../../domain/values/inspect-value.ts';
import { type JsonScan, scanJson, UNKNOWN_SCAN } from '../../sources/scan-json.ts';
import { HttpError } from './http-error.ts';

/** A parsed body, and properties of its bytes. */
export interface ReadBody {
  value: unknown;
  scan: JsonScan;
  bytes: number;
}

/** Reads the body as JSON, regardless of the content type. @throws HttpError, or an error of the parser */
export type JsonReader = (req: Request, res: Response) => Promise<ReadBody>;

/** Uncompressed size at most `limit`: what unpacks to more is refused while it unpacks. */
export function createJsonReader(limit: string): JsonReader {
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
      parse(req, res, (error?: unknown) => {
        if (error) return reject(error);
        if (req.body === undefined)
          return reject(new HttpError(400, 'invalid_json', 'the body must be JSON'));
        const { scan, bytes } = scans.get(req) ?? { scan: UNKNOWN_SCAN, bytes: 0 };
        resolve({ value: req.body, scan, bytes });
      });
    });
}

/** Refuses what can't be stored or gone through. @throws HttpError 400 */
export function checkBody({ value, scan }: ReadBody): void {
  if (!scan.suspicious && scan.depth <= 32) return;
  const flaw = inspectValue(value);
  if (flaw === 'too_deep') throw new HttpError(400, flaw, 'the body is nested deeper than 32 levels');
  if (flaw === 'invalid_text')
    throw new HttpError(400, flaw, 'a string holds U+0000 or half a surrogate pair');
}
