import { block, type Gate, pass } from './gate.ts';

const GATE = 'snooze';

/** The customer has asked for silence: of all marketing, or about some topics. */
export const snooze: Gate<'profile'> = ({ action }, { facts, now }) => {
  const { snoozed } = facts.profile;
  if (action.class !== 'marketing' || !snoozed || snoozed.until <= now) return pass(GATE);
  const isSnoozed =
    snoozed.topics === null || (action.topic !== null && snoozed.topics.includes(action.topic));
  if (!isSnoozed) return pass(GATE);
  const { topics, until } = snoozed;
  return [block(GATE, 'snoozed', { observed: topics, liftsAt: until, liftsOn: 'Customer Snoozed' })];
};
