import type { Tx } from '../../../db/client.ts';
import {
  type PausedAction,
  pauseAction,
  readPausedActions,
  readResumeTimes,
} from '../../../db/guardrails/paused-actions.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { BY_HAND } from '../../engine/gates/guardrail.ts';
import { type BundleReader, readActiveBundle } from '../config/active-bundle.ts';
import { type ActionGuardrailReading, readGuardrails } from '../jobs/read-guardrails.ts';
import { readRecentChoices } from '../reports/counted/recent-choices.ts';
import { recordNotFound, UseCaseError } from '../use-case-error.ts';

/** An action with its pause and the current reading of its guardrails. */
export interface ActionState {
  action: ActionDef;
  pause: PausedAction | null;
  /** Null: no guardrail watches the action. */
  guardrails: ActionGuardrailReading | null;
  /** Arbitrations of the last 28 days that chose it, and those of them that explored. */
  recent: { chosen: number; explored: number };
}

/** The states of actions. One reading after the other: each scans many rows, and other queries need connections, too. */
export async function readActionStates(
  deps: BundleReader,
  bundle: Bundle,
  actions: ActionDef[],
): Promise<ActionState[]> {
  const { sql } = deps.db;
  const workspace = bundle.workspace.id;
  const pauses = new Map((await readPausedActions(sql, workspace)).map((pause) => [pause.action, pause]));
  const resumeTimes = await readResumeTimes(sql, workspace);
  const choices = await readRecentChoices(deps, workspace, Date.now());
  const states: ActionState[] = [];
  for (const action of actions) {
    const evidence = { now: Date.now(), resumedAt: resumeTimes.get(action.id) ?? null };
    const guardrails = await readGuardrails(sql, bundle, action, evidence);
    const recent = choices.get(action.id) ?? { chosen: 0, explored: 0 };
    states.push({ action, pause: pauses.get(action.id) ?? null, guardrails, recent });
  }
  return states;
}

/** An action of the active bundle. @throws UseCaseError `not_found` */
export async function requireAction(
  deps: BundleReader,
  workspace: string,
  id: string,
): Promise<{ bundle: Bundle; action: ActionDef }> {
  const bundle = await readActiveBundle(deps, workspace);
  const action = bundle?.actions.find((def) => def.id === id);
  if (!bundle || !action) throw recordNotFound('action');
  return { bundle, action };
}

/** Pauses an action by hand. Mandatory and transactional actions cannot be paused. @throws UseCaseError `not_pausable` */
export async function pauseActionByHand(
  tx: Tx,
  workspace: string,
  action: ActionDef,
  { reason, actor }: { reason: string; actor: string },
): Promise<void> {
  if (action.class === 'mandatory' || action.class === 'transactional')
    throw new UseCaseError(
      'unprocessable',
      'not_pausable',
      `${action.id} is ${action.class}: such actions cannot be paused`,
    );
  const cause = { harm: BY_HAND, reason, by: actor } as const;
  await pauseAction(tx, { workspace, action: action.id, since: Date.now(), cause });
}
