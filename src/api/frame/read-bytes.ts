import express, { type Request, type Response } from 'express';
import { normalizeContentHeaders } from './content-headers.ts';

/** Reads a body as bytes, whatever its type. */
export type BytesReader = (req: Request, res: Response) => Promise<Buffer>;

/** Uncompressed size at most `limit`. An absent body is empty. */
export function createBytesReader(limit: string): BytesReader {
  const read = express.raw({ type: () => true, limit });
  return (req, res) =>
    new Promise((resolve, reject) => {
      normalizeContentHeaders(req);
      read(req, res, (error?: unknown) => {
        if (error) reject(error);
        else resolve(Buffer.isBuffer(req.body) ? req.body : Buffer.alloc(0));
      });
    });
}
