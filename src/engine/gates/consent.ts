import { resolveConsent } from '../../domain/customer/consent.ts';
import { block, type Gate, pass } from './gate.ts';

const GATE = 'consent';
const RULE = 'consent';

/**
 * Marketing needs a valid grant for its purpose, channel and topic; unknown means no. The other classes need
 * no consent.
 */
export const consent: Gate<'permissions'> = ({ action, channel }, { facts }) => {
  if (action.class !== 'marketing') return pass(GATE);
  const current = resolveConsent(facts.consents, action.purpose, channel, action.topic ?? '*');
  if (current?.status === 'granted') return pass(GATE, RULE);
  const code = current ? 'consent_withdrawn' : 'consent_unknown';
  return [
    block(GATE, code, {
      rule: RULE,
      observed: current?.status ?? null,
      needed: 'granted',
      liftsOn: 'Consent Changed',
    }),
  ];
};
