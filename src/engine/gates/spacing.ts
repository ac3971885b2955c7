import { collectContacts } from '../contacts.ts';
import { block, type Gate, pass } from './gate.ts';

const GATE = 'spacing';

/** The gap after a marketing contact, over all journeys and channels. */
export const spacing: Gate<'contacts' | 'tasks'> = ({ action }, request) => {
  if (action.class !== 'marketing') return pass(GATE);
  const contacts = collectContacts(request).filter((contact) => contact.class === 'marketing');
  const last = contacts.reduce((max, contact) => Math.max(max, contact.at), Number.NEGATIVE_INFINITY);
  const liftsAt = last + request.policy.spacing;
  if (liftsAt <= request.now) return pass(GATE, 'spacing');
  return [block(GATE, 'too_soon', { rule: 'spacing', observed: last, liftsAt })];
};
