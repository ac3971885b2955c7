import type { Evidence } from './evidence.ts';
import type { Violation } from './violation.ts';

/** I1: what was acknowledged stands in the log, once; and the log has no gaps. */
export function checkLog({ people, database }: Evidence): Violation[] {
  const { events, rejected, customers, decisions } = database;
  const byMessage = countBy(events, (event) => event.messageId);
  const byReason = countBy(events, (event) => event.reason);
  const violations: Violation[] = [];
  for (const { steps } of people)
    for (const { said, acknowledged, refused } of steps) {
      const found = (said.kind === 'event' ? byMessage : byReason).get(said.id) ?? 0;
      const what = said.kind === 'event' ? String(said.body.event ?? said.call) : said.path;
      if (refused) violations.push(other('refused', said.id, `${what} was answered with ${refused}`));
      if (acknowledged && found === 0) {
        const reason = rejected.find(({ messageId }) => messageId === said.id)?.reason;
        violations.push({
          kind: 'lost',
          rule: 'acknowledged',
          subject: said.id,
          detail: `${what} was acknowledged and is in no log${reason ? `, but rejected: ${reason}` : ''}`,
        });
      }
      if (found > 1)
        violations.push({
          kind: 'doubled',
          rule: 'event',
          subject: said.id,
          detail: `${what} stands in the log ${found} times`,
        });
    }
  for (const { id, seq } of customers) {
    const own = events.filter((event) => event.customerId === id).map((event) => event.seq);
    const gap = own.findIndex((each, index) => each !== index + 1);
    if (gap >= 0) violations.push(other('gap', id, `its log goes from ${own[gap - 1] ?? 0} to ${own[gap]}`));
    else if (own.length !== seq)
      violations.push(other('gap', id, `its log ends at ${own.length}, its customer says ${seq}`));
    const ordinals = decisions.filter((decision) => decision.customerId === id).map(({ ordinal }) => ordinal);
    const jump = ordinals.findIndex((each, index) => each !== index + 1);
    if (jump >= 0)
      violations.push(
        other('ordinal', id, `its decisions go from ${ordinals[jump - 1] ?? 0} to ${ordinals[jump]}`),
      );
  }
  return violations;
}

function countBy<T>(items: T[], key: (item: T) => string | null): Map<string, number> {
  const counts = new Map<string, number>();
  for (const item of items) {
    const value = key(item);
    if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  return counts;
}

function other(rule: string, subject: string, detail: string): Violation {
  return { kind: 'other', rule, subject, detail };
}
