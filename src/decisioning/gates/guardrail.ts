import { blocked, type Gate, pass } from '../gate.ts';

const GATE = 'guardrail';

/** As `harm` of an action that a person has paused. */
export const BY_HAND = 'by_hand';

/**
 * A paused action isn't taken by anybody. Nothing is told to the customers when it is resumed: who is held for it is
 * looked at again within a day, like every hold.
 */
export const guardrail: Gate = ({ action }, { facts }) => {
  const paused = facts.pausedActions.find((one) => one.action === action.id);
  if (!paused) return pass(GATE);
  const { harm, since } = paused;
  const code = harm === BY_HAND ? 'action_paused' : 'guardrail';
  return [blocked(GATE, code, { observed: { harm, since }, liftsOn: 'Action Resumed' })];
};
