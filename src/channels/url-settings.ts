import { z } from 'zod';

/** A URL of one of these schemes: `postgres://…`. */
export function urlOf(schemes: string[], message: string) {
  const begins = new RegExp(`^(${schemes.join('|')})://`);
  return z.string().refine((text) => begins.test(text) && URL.canParse(text), message);
}

/** A URL of HTTP. */
export const webUrl = urlOf(['https?'], 'must be a URL that begins with https:// or http://');

/** `smtp://user:password@host:port`. */
export const smtpUrl = urlOf(['smtps?'], 'must be the URL of a mail server');
