import { hash } from 'node:crypto';
import { SIGNAL_SOURCE } from '../../domain/ticket.ts';
import { toCanonicalText } from '../../domain/values/canonical-text.ts';
import type { IncomingEvent } from './incoming-event.ts';

/**
 * Identifies the content of an event by 64 bits, as a decimal number: so a repetition is told from another event under
 * the same message id. It covers what the event says: type, name, ids, properties, traits, and the parts of the context
 * that have a meaning. It leaves out what a library may change when it sends an event again, such as `sentAt`.
 *
 * @returns null for Throughline's own events, whose message ids name their content
 */
export function digestContent(event: IncomingEvent): string | null {
  // Events that are signalled directly name the customer, but their message ids are their senders'.
  if (event.customerId !== undefined && event.source !== SIGNAL_SOURCE) return null;
  const { type, name, customerId, userId, anonymousId, previousId, properties, traits, context } = event;
  const { traits: contextTraits, consent, groupId, externalIds } = context;
  const ids = { customerId, userId, anonymousId, previousId, groupId, externalIds };
  const text = toCanonicalText([type, name, ids, properties, traits, contextTraits, consent]);
  return BigInt.asIntN(64, BigInt(`0x${hash('sha256', text, 'hex').slice(0, 16)}`)).toString();
}
