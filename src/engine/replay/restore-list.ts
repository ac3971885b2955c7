import type { PlacementDef } from '../../domain/definition.ts';
import type { ServedModel } from '../../learning/model/served-model.ts';
import type { FittedScores } from '../../learning/scores/types.ts';
import { placementPolicy } from '../policy.ts';
import type { ListRequest } from '../realtime/candidates.ts';
import { createScoredRequest, type RequestInput } from '../request.ts';

/** What a real-time decision records beside facts and scores, so that it can be made again (I7). */
export interface RealtimeInput {
  limit: number;
  /** The customer id that assigned experiments. */
  subject: string;
  stage: string | null;
}

export interface RestoreListContext extends Pick<RequestInput, 'facts' | 'bundle' | 'now' | 'evaluate'> {
  /** Of the recorded decision: it seeds the draws. */
  id: string;
  placement: PlacementDef;
  model: ServedModel | null;
  fitted: FittedScores | null;
}

/** Makes the request of a recorded real-time decision again, under the definitions that are given. */
export function restoreList(
  { limit, subject, stage }: RealtimeInput,
  { id, placement, model, fitted, facts, bundle, now, evaluate }: RestoreListContext,
): ListRequest {
  const request = createScoredRequest({
    purpose: 'what_if',
    policy: placementPolicy(bundle, placement),
    facts,
    bundle,
    now,
    evaluate,
    fitted,
    seed: id,
    experimentSubject: subject,
    stage,
  });
  return { request, placement, limit, model, fitted };
}
