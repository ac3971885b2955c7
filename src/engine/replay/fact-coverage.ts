import type { ActionDef, Bundle } from '../../domain/definition.ts';
import type { Ticket } from '../../domain/ticket.ts';
import { coolDownOf } from '../../domain/ticket-suppression.ts';
import { DAY } from '../../domain/time/time.ts';
import { getOwn } from '../../domain/values/get-own.ts';
import { computeLookBack, listCaps } from '../look-back.ts';

/** Why facts that were read for one bundle are not enough for another. */
export type MissingFacts =
  /** A cap, limit or spacing looks further back than deliveries were read. */
  | 'longer_window'
  /** `count(event, days)` looks further back, or at an event that was not counted. */
  | 'other_history'
  /** The use of a shared cap, limit, budget or inventory that was not counted then. */
  | 'use_not_counted'
  /** Tickets of others that silence the customer were not read. */
  | 'tickets_not_read'
  /** Suppressed addresses of another channel were not read. */
  | 'address_not_read'
  /** The zone of customers without one of their own is another. */
  | 'other_timezone';

export interface FactCoverage {
  /** Null: decisions can be replayed, but for those about `uncountedActions`. */
  missing: MissingFacts | null;
  /** Actions whose budget, inventory, coupons or limit per account were not read. */
  uncountedActions: ReadonlySet<string>;
}

/** Younger effects were always read. */
const ALWAYS_READ = 30 * DAY;

/** Whether what was read for decisions under `old` is enough to decide under `next`. */
export function checkFactCoverage(old: Bundle, next: Bundle): FactCoverage {
  return { missing: findMissing(old, next), uncountedActions: listUncountedActions(old, next) };
}

function findMissing(old: Bundle, next: Bundle): MissingFacts | null {
  if (next.workspace.timezone !== old.workspace.timezone) return 'other_timezone';
  if (computeLookBack(next) > Math.max(ALWAYS_READ, computeLookBack(old))) return 'longer_window';
  const windows = Object.entries(next.interest.windows);
  if (windows.some(([name, days]) => days > (getOwn(old.interest.windows, name) ?? 0)))
    return 'other_history';
  const shared = listCaps(old).map(sharedKey);
  if (listCaps(next).some((cap) => cap.of !== 'customer' && !shared.includes(sharedKey(cap)))) {
    return 'use_not_counted';
  }
  if (readsOthers(next) && (!readsOthers(old) || hasLongerCoolDown(old, next))) return 'tickets_not_read';
  const channels = Object.entries(next.workspace.channels);
  const unread = channels.some(
    ([id, { address }]) => address !== null && getOwn(old.workspace.channels, id)?.address !== address,
  );
  return unread ? 'address_not_read' : null;
}

function sharedKey({ of, max, per, channel, purpose }: Bundle['workspace']['caps'][number]): string {
  return JSON.stringify([of, max, per, channel, purpose]);
}

/** A customer's own tickets are always read; those of others only until their cool-down is over. */
function readsOthers({ workspace, group }: Bundle): boolean {
  return workspace.tickets.scope === 'account' || group?.shareSuppression === true;
}

function hasLongerCoolDown({ workspace: a }: Bundle, { workspace: b }: Bundle): boolean {
  const severities = Object.keys({ ...a.tickets.severity, ...b.tickets.severity });
  const longer = (severity: string) =>
    (getOwn(b.tickets.severity, severity)?.cooldown ?? b.tickets.cooldown) >
    (getOwn(a.tickets.severity, severity)?.cooldown ?? a.tickets.cooldown);
  return b.tickets.cooldown > a.tickets.cooldown || severities.some(longer);
}

function listUncountedActions(old: Bundle, next: Bundle): Set<string> {
  const before = new Map(old.actions.map((action) => [action.id, action]));
  const coupons = old.actions.some((action) => action.coupon !== null);
  return new Set(
    next.actions
      .filter((action) => needsMore(before.get(action.id), action, coupons))
      .map((action) => action.id),
  );
}

function needsMore(old: ActionDef | undefined, next: ActionDef, coupons: boolean): boolean {
  const counted = old !== undefined && (old.budget !== null || old.inventory !== null);
  const budget = next.budget !== null && !(counted && (old.budget?.of ?? 'workspace') === next.budget.of);
  const inventory =
    next.inventory !== null && !(counted && (old.inventory ?? { per: 'month' }).per === next.inventory.per);
  const perAccount = (action: ActionDef | undefined) =>
    JSON.stringify(action?.limit.filter((limit) => limit.per === 'account') ?? []);
  const limits = perAccount(next) !== '[]' && perAccount(next) !== perAccount(old);
  return budget || inventory || limits || (next.coupon !== null && !coupons);
}

/** Moves the ends of cool-downs: each begins when it began, and lasts as long as the next policy says. */
export function rebaseCooldowns(tickets: readonly Ticket[], old: Bundle, next: Bundle): Ticket[] {
  return tickets.map((ticket) => {
    if (ticket.quietUntil === null) return ticket;
    const began = ticket.quietUntil - coolDownOf(old.workspace.tickets, ticket);
    return { ...ticket, quietUntil: began + coolDownOf(next.workspace.tickets, ticket) };
  });
}
