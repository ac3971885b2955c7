import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import type { ActionDef } from '../../domain/definition.ts';
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
  if (limit.of === 'contentGroup') return judgeGroup(limit, rule, { action, enrollment }, request);
  const window = { gate: GATE, rule, code: 'limit_reached' } as const;
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
  const contacts = collectContacts(request).filter(
    (contact) => contact.action === action.id && (limit.per !== 'key' || contact.key === enrollment.key),
  );
  const ownVerdict = judgeWindow(window, contacts, { max: limit.max, per: limit.every }, now);
  return ownVerdict ? [ownVerdict] : pass(GATE, rule);
}

/** Equivalent content that was seen in one channel counts in all of them (C-6). */
function judgeGroup(
  { max, every, per }: Limit,
  rule: string,
  { action, enrollment }: Pick<Candidate, 'action' | 'enrollment'>,
  request: DecisionRequest<'contacts' | 'tasks'>,
): GateVerdict[] {
  const group = request.bundle.actions.filter(({ contentGroup }) => contentGroup === action.contentGroup);
  const equivalent = new Set([action.id, ...group.map(({ id }) => id)]);
  const contacts = collectContacts(request).filter(
    (contact) => equivalent.has(contact.action) && (per !== 'key' || contact.key === enrollment.key),
  );
  const verdict = judgeWindow(
    { gate: GATE, rule, code: 'content_seen' },
    contacts,
    { max, per: every },
    request.now,
  );
  return verdict ? [verdict] : pass(GATE, rule);
}
