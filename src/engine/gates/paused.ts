import { block, type Gate, pass } from './gate.ts';

const GATE = 'paused';

/** A paused customer receives only mandatory and transactional messages. */
export const paused: Gate<'restrictions'> = ({ action }, { facts }) => {
  if (!facts.paused || action.class === 'mandatory' || action.class === 'transactional') return pass(GATE);
  return [block(GATE, 'customer_paused', { observed: facts.paused.reason, liftsOn: 'Customer Resumed' })];
};
