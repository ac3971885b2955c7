import type { Request } from 'express';
import { isAutomaticRequest } from '../../domain/automatic-hit.ts';

/** Whether a machine opened a message or followed one of its links: a scanner, or a browser that fetches pages ahead. */
export function isAutomatic(
  kind: 'opened' | 'clicked',
  { method, headers }: Pick<Request, 'method' | 'headers'>,
): boolean {
  const purposes = [headers['sec-purpose'], headers.purpose, headers['x-purpose'], headers['x-moz']];
  return isAutomaticRequest(kind, {
    method,
    userAgent: headers['user-agent'] ?? '',
    purpose: purposes.flat().filter(Boolean).join(' '),
  });
}
