import type { Candidate, GateVerdict } from '../../domain/candidate.ts';
import type { ActionDef } from '../../domain/definition.ts';
import type { DecisionRequest } from '../../domain/facts.ts';
import { collectContacts } from '../contacts.ts';
import { EVER } from '../look-back.ts';
import { type Gate, pass } from './gate.ts';
import { judgeSharedWindow, judgeWindow } from './window.ts';

const GATE = 'limit';

type Limit = ActionDef['limit'][number];

/** How often one action may reach one customer, one enrollment's key, or all contacts of one account together. */
export const limits: Gate = (candidate, situation) => {
  const verdicts = candidate.action.limit.flatMap((limit, index) =>
    judge(limit, `limit[${index}]`, candidate, situation),
  );
  return verdicts.length > 0 ? verdicts : pass(GATE);
};

function judge(
  limit: Limit,
  rule: string,
  { action, enrollment }: Candidate,
  situation: DecisionRequest,
): GateVerdict[] {
  const { facts, now } = situation;
  const its = { gate: GATE, rule, code: 'limit_reached' };
  const room = { max: limit.max, per: limit.every };
  const shared =
    limit.per === 'account'
      ? facts.sharedUse.find(
          ({ cap, action: of }) =>
            of === action.id && cap.max === limit.max && cap.per === (limit.every ?? EVER),
        )
      : undefined;
  const together = shared ? judgeSharedWindow(its, shared, now) : null;
  if (together) return [together];
  const counted = collectContacts(situation).filter(
    (contact) => contact.action === action.id && (limit.per !== 'key' || contact.key === enrollment.key),
  );
  const alone = judgeWindow(its, counted, room, now);
  return alone ? [alone] : pass(GATE, rule);
}
