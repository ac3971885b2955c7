import { consentFor } from '../../domain/consent.ts';
import { blocked, type Gate, pass } from '../gate.ts';

const GATE = 'consent';
const RULE = 'consent';

/**
 * Marketing needs a standing grant for its purpose, channel and topic; unknown means no. The other classes are not
 * asked for under consent.
 */
export const consent: Gate = ({ action, channel }, { facts }) => {
  if (action.class !== 'marketing') return pass(GATE);
  const standing = consentFor(facts.consents, action.purpose, channel, action.topic ?? '*');
  if (standing?.status === 'granted') return pass(GATE, RULE);
  const code = standing ? 'consent_withdrawn' : 'consent_unknown';
  return [
    blocked(GATE, code, {
      rule: RULE,
      observed: standing?.status ?? null,
      needed: 'granted',
      liftsOn: 'Consent Changed',
    }),
  ];
};
