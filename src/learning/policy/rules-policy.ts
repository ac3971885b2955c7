import { DO_NOTHING } from '../model/snapshot.ts';
import type { Arbitration } from './arbitration.ts';
import type { Contestant } from './score.ts';

/** Chooses the first contestant by priority, then by order, then by id. Uses no model and draws nothing. */
export function chooseByRules(contestants: Contestant[]): Omit<Arbitration, 'refusals'> {
  const [first] = [...contestants].sort(
    (a, b) => b.priority - a.priority || a.order - b.order || (a.id < b.id ? -1 : 1),
  );
  return recordRulesChoice(first ? contestants.map(({ id }) => id) : [DO_NOTHING], first?.id ?? DO_NOTHING);
}

/** A choice that was not drawn, in the form of an arbitration. @param chosen one of the arms */
export function recordRulesChoice(arms: string[], chosen: string): Omit<Arbitration, 'refusals'> {
  return {
    policy: 'rules',
    arms,
    distribution: arms.map((id) => (id === chosen ? 1 : 0)),
    scores: arms.map(() => null),
    parts: arms.map(() => null),
    chosen,
    propensity: 1,
    modelVersion: null,
  };
}
