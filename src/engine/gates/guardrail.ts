import { block, type Gate, pass } from './gate.ts';

const GATE = 'guardrail';

/** As `harm` of an action that a person has paused. */
export const BY_HAND = 'by_hand';

/**
 * A paused action is taken for no customer. No event reaches the customers when it is resumed: an enrollment that is
 * held for it is checked again within a day, like every hold.
 */
export const guardrail: Gate<'restrictions'> = ({ action }, { facts, bundle }) => {
  const rule = action.class === 'marketing' && bundle.workspace.guardrails ? 'guardrails' : undefined;
  const paused = facts.pausedActions.find((pause) => pause.action === action.id);
  if (!paused) return pass(GATE, rule);
  const { harm, since } = paused;
  const why = { observed: { harm, since }, liftsOn: 'Action Resumed' };
  // A person's pause is no rule of the bundle, and the bundle's own rule has found no harm.
  if (harm === BY_HAND)
    return [block(GATE, 'action_paused', why), ...(rule === undefined ? [] : pass(GATE, rule))];
  return [block(GATE, 'guardrail', rule === undefined ? why : { rule, ...why })];
};
