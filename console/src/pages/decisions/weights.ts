import type { components } from '../../api/schema.d.ts';
import type { Answer } from '../../api/use-api.ts';

export type Arbitration = Answer<'get', '/v1/arbitration'>;
export type WeightChange = components['schemas']['ArbitrationWeights'];

/** The weights that a person has set, in place of those of the active bundle. */
export interface DraftWeights {
  mode: Arbitration['mode'];
  fatigue: number;
  explore: number;
  levers: Readonly<Record<string, number>>;
  priorities: Readonly<Record<string, number>>;
}

export function toDraft({ mode, fatigue, explore, actions }: Arbitration): DraftWeights {
  return {
    mode,
    fatigue: Number(fatigue.amount),
    explore,
    levers: Object.fromEntries(actions.map(({ action, lever }) => [action, lever])),
    priorities: Object.fromEntries(actions.map(({ action, priority }) => [action, priority])),
  };
}

/** What differs from the active bundle, as a what-if takes it. */
export function toChange(draft: DraftWeights, active: Arbitration): WeightChange {
  const known = toDraft(active);
  const levers = differing(draft.levers, known.levers);
  const priorities = differing(draft.priorities, known.priorities);
  return {
    ...(draft.mode === known.mode ? {} : { mode: draft.mode }),
    ...(draft.fatigue === known.fatigue ? {} : { fatigue: draft.fatigue }),
    ...(draft.explore === known.explore ? {} : { explore: draft.explore }),
    ...(Object.keys(levers).length === 0 ? {} : { levers }),
    ...(Object.keys(priorities).length === 0 ? {} : { priorities }),
  };
}

/** How many weights a change has. */
export function countChanges({ levers = {}, priorities = {}, ...others }: WeightChange): number {
  return Object.keys(levers).length + Object.keys(priorities).length + Object.keys(others).length;
}

function differing(values: Readonly<Record<string, number>>, known: Readonly<Record<string, number>>) {
  return Object.fromEntries(Object.entries(values).filter(([action, value]) => known[action] !== value));
}
