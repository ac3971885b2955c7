import { encodeSentContent } from '../../../db/deliveries/sent-content.ts';
import type { ComposedMessage } from './compose-message.ts';

/** What stands in place of a token. */
const MASK = '…';

/**
 * Encodes what is sent, to be kept. The tokens of links are masked, so that nobody who reads it can act as the customer.
 */
export function encodeOutgoing(
  { outgoing, cms }: Pick<ComposedMessage, 'outgoing' | 'cms'>,
  publicUrl: string,
): Buffer {
  const { to, from, subject, html, text } = outgoing;
  return encodeSentContent({
    to,
    from,
    subject: subject === null ? null : maskTokens(subject, publicUrl),
    html: html === null ? null : maskTokens(html, publicUrl),
    text: maskTokens(text, publicUrl),
    ...(cms ? { cms } : {}),
  });
}

/** Every page of ours has its token in the last part of its path: `/unsubscribe/{token}`. */
function maskTokens(text: string, publicUrl: string): string {
  const [before = '', ...after] = text.split(`${publicUrl}/`);
  const masked = after.map((piece) => piece.replace(/^([a-z]{1,20}\/)[\w.~-]{16,}/, `$1${MASK}`));
  return [before, ...masked].join(`${publicUrl}/`);
}
