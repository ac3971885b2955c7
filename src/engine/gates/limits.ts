import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import type { ActionDef, Bundle } from '../../domain/definition.ts';
import { collectContacts, countTentativeUse } from '../contacts.ts';
import { EVER } from '../look-back.ts';
import type { DecisionRequest } from '../request.ts';
import { type Gate, pass } from './gate.ts';
import { judgeSharedWindow, judgeWindow } from './window.ts';

const GATE = 'limit';

type Limit = ActionDef['limit'][number];

/**
 * How often one action may reach one customer, one enrollment's key, or all members of one account together. A limit of a
 * content group counts the actions with equivalent content, too, whatever their channel: also what a placement has shown.
 */
export const limits: Gate<'contacts' | 'tasks'> = (candidate, request) => {
  const verdicts = candidate.action.limit.flatMap((limit, index) =>
    judgeLimit(limit, `limit[${index}]`, candidate, request),
  );
  return verdicts.length > 0 ? verdicts : pass(GATE);
};

function judgeLimit(
  limit: Limit,
  rule: string,
  { action, enrollment }: Candidate,
  request: DecisionRequest<'contacts' | 'tasks'>,
): GateVerdict[] {
  const { facts, now } = request;
  const code = limit.of === 'contentGroup' ? 'content_seen' : 'limit_reached';
  const window = { gate: GATE, rule, code } as const;
  const use =
    limit.per === 'account'
      ? facts.sharedUse.find(
          (shared) =>
            shared.action === action.id &&
            shared.cap.max === limit.max &&
            shared.cap.per === (limit.every ?? EVER),
        )
      : undefined;
  const sharedVerdict = use ? judgeSharedWindow(window, use, countTentativeUse(request, use), now) : null;
  if (sharedVerdict) return [sharedVerdict];
  const counted = listCounted(limit, action, request.bundle);
  const contacts = collectContacts(request).filter(
    (contact) => counted.has(contact.action) && (limit.per !== 'key' || contact.key === enrollment.key),
  );
  const ownVerdict = judgeWindow(window, contacts, { max: limit.max, per: limit.every }, now);
  return ownVerdict ? [ownVerdict] : pass(GATE, rule);
}

/** The actions that a limit counts. Equivalent content that was seen in one channel counts in all of them (C-6). */
function listCounted({ of }: Limit, action: ActionDef, { actions }: Bundle): Set<string> {
  const group =
    of === 'contentGroup' ? actions.filter((other) => other.contentGroup === action.contentGroup) : [];
  return new Set([action.id, ...group.map(({ id }) => id)]);
}
