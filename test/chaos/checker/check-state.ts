import type { Person } from '../said.ts';
import { isConsented, type StatedConsent } from './consent.ts';
import type { Evidence } from './evidence.ts';
import { type CustomerView, isLive } from './views.ts';
import type { Violation } from './violation.ts';

/** I4, I5: every journey answers, and view, workflow and what was said agree. I6: each block says what lifts it. I7: replays. */
export function checkState(evidence: Evidence): Violation[] {
  return [...checkViews(evidence), ...checkBlocks(evidence), ...checkReplays(evidence)];
}

function checkViews({ people, views }: Evidence): Violation[] {
  const violations: Violation[] = [];
  for (const person of people) {
    if (!person.steps.some(({ acknowledged }) => acknowledged)) continue;
    const view = views.get(person.userId) ?? null;
    const report = (kind: Violation['kind'], rule: string, detail: string) =>
      violations.push({ kind, rule, subject: person.userId, detail });
    if (!isLive(view)) {
      report('stuck', 'live', view ? `the workflow answers ${describe(view)}` : 'the API does not answer');
      continue;
    }
    const { live } = view;
    if (view.processedSeq !== view.eventSeq)
      report('stuck', 'behind', `its journey has processed ${view.processedSeq} of ${view.eventSeq} events`);
    if (view.poison) report('stuck', 'parked', view.poison.reason);
    compare('tickets', idsOf(view.openTickets), idsOf(live.openTickets));
    compare('enrollments', enrollmentsOf(view), enrollmentsOf(live));
    const expected = expectState(person);
    compareSaid(
      'orders',
      expected.orders,
      view.orders
        .map(({ id, status }) => `${id} ${status}`)
        .sort()
        .join(),
    );
    compareSaid('open tickets', expected.openTickets, idsOf(view.openTickets));
    compareSaid('paused', String(expected.paused), String(view.paused !== null));
    compareSaid('snoozed', String(expected.snoozed), String(view.snoozedUntil !== null));
    for (const channel of ['email', 'sms'])
      compareSaid(
        `consent to marketing by ${channel}`,
        String(isConsented(expected.consents, { purpose: 'marketing', channel, topic: null })),
        String(isConsented(stated(view), { purpose: 'marketing', channel, topic: null })),
      );

    function compare(what: string, shown: unknown, answered: unknown) {
      if (shown !== answered)
        report('other', 'live differs', `${what}: the view shows ${shown}, the workflow answers ${answered}`);
    }
    function compareSaid(what: string, said: string, shown: string) {
      if (said !== shown)
        report('other', 'view differs', `${what}: ${said} by what was said, ${shown} shown`);
    }
  }
  return violations;
}

function describe({ live, ordinal }: CustomerView): string {
  return live ? `at ordinal ${live.ordinal}, the view is at ${ordinal}` : 'nothing';
}

function idsOf(items: { id: string }[]): string {
  return items
    .map(({ id }) => id)
    .sort()
    .join();
}

function enrollmentsOf({ enrollments }: Pick<CustomerView, 'enrollments'>): string {
  return enrollments
    .map(({ id, step, state }) => `${id} ${step} ${state}`)
    .sort()
    .join();
}

function stated({ consents }: CustomerView): StatedConsent[] {
  // The view lists what applies now, each scope once.
  return consents.map((consent, seq) => ({ ...consent, at: 0, seq }));
}

/** The checker's own model: what the acknowledged steps of a person come to, in the order of their times. */
function expectState({ steps }: Person) {
  const orders: string[] = [];
  const tickets = new Map<string, boolean>();
  const consents: StatedConsent[] = [];
  let paused = false;
  let snoozed = false;
  const inOrder = steps.filter(({ acknowledged }) => acknowledged).sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
  for (const [seq, { meaning }] of inOrder.entries())
    switch (meaning.type) {
      case 'order':
        orders.push(`${meaning.orderId} paid`);
        break;
      case 'ticket opened':
        tickets.set(meaning.ticketId, true);
        break;
      case 'ticket closed':
        tickets.set(meaning.ticketId, false);
        break;
      case 'consent':
        consents.push({ ...meaning, purpose: 'marketing', topic: '*', at: seq, seq });
        break;
      case 'paused':
      case 'resumed':
        paused = meaning.type === 'paused';
        break;
      case 'snoozed':
        snoozed = true;
        break;
      default:
    }
  return {
    orders: orders.sort().join(),
    openTickets: [...tickets]
      .flatMap(([id, isOpen]) => (isOpen ? [id] : []))
      .sort()
      .join(),
    paused,
    snoozed,
    consents,
  };
}

/** Conditions of an action hold for a profile or not, and a limit for life never lifts. */
const MAY_STAY = ['eligibility', 'applicability', 'suitability', 'limit'];

function checkBlocks({ database }: Evidence): Violation[] {
  return database.decisions.flatMap(({ customerId, epoch, ordinal, blocks }) =>
    blocks
      .filter(({ gate, code, lifts }) => code === null || !(lifts || MAY_STAY.includes(gate)))
      .map(({ gate, code }) => ({
        kind: 'other' as const,
        rule: 'reason',
        subject: `${customerId} ${epoch}/${ordinal}`,
        detail:
          code === null ? `${gate} blocks without a reason` : `${gate} (${code}) says not what lifts it`,
      })),
  );
}

function checkReplays({ unreplayable, decidedAgain }: Evidence): Violation[] {
  const violations = unreplayable.map(
    ({ workflowId, error }): Violation => ({
      kind: 'other',
      rule: 'replay',
      subject: workflowId,
      detail: `its history does not replay on its own build: ${error}`,
    }),
  );
  if (decidedAgain === null || decidedAgain.changed > 0)
    violations.push({
      kind: 'other',
      rule: 'decided again',
      subject: 'decisions',
      detail: decidedAgain
        ? `${decidedAgain.changed} of ${decidedAgain.replayed} would choose something else`
        : 'the API does not replay them',
    });
  return violations;
}
