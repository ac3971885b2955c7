import type { z } from 'zod';
import type { CustomerSnapshot } from '../../../db/queries/view-customer.ts';
import type { ZoneTable } from '../../activities/zone-table.ts';
import { consentFor } from '../../domain/consent.ts';
import type { Evaluate } from '../../domain/context.ts';
import type { Bundle } from '../../domain/definition.ts';
import { trait } from '../../domain/profile.ts';
import { type Instant, iso } from '../../domain/time.ts';
import type { customer } from '../schemas/customer.ts';
import { isoOrNull, moneyOf, moneyOrNull } from './format.ts';
import { wakersIn } from './wakers.ts';

export type CustomerView = z.infer<typeof customer>;

/** What a view is made with, beside the snapshot. */
export interface Lens {
  /** The active bundle. */
  active: Bundle | null;
  /** The one that the last decision used. */
  decided: Bundle | null;
  zones: ZoneTable;
  evaluate: Evaluate;
}

/** The customer as the API shows it. */
export function customerView(snapshot: CustomerSnapshot, lens: Lens): CustomerView {
  const { profile, state, paused } = snapshot;
  const wakers = wakersIn(snapshot, lens.decided, lens.evaluate);
  return {
    id: snapshot.id,
    workspace: snapshot.workspace,
    asOf: iso(snapshot.asOf),
    eventSeq: snapshot.eventSeq,
    tookSeq: snapshot.tookSeq,
    ordinal: snapshot.ordinal,
    mergedIds: [],
    identities: snapshot.identities,
    traits: Object.fromEntries(Object.entries(profile.traits).map(([key, { value }]) => [key, value])),
    stage: null,
    timezone: timezoneOf(snapshot, lens),
    valueThermometer: null,
    openTickets: snapshot.tickets
      .filter((ticket) => ticket.status === 'open')
      .map(({ id, source, rawStatus, severity, subject, openedAt }) => ({
        id,
        source,
        status: rawStatus,
        severity,
        subject,
        since: iso(openedAt),
      })),
    suppressed: suppressedOf(snapshot, lens.active),
    consents: consentsOf(snapshot),
    orders: profile.orders.map(({ id, status, problem, total, currency, at }) => ({
      id,
      status,
      problem,
      total: moneyOf(total, currency),
      at: iso(at),
    })),
    payments: profile.payments.map(({ orderId, status, code, total, currency, at }) => ({
      orderId,
      status,
      code,
      total: moneyOrNull(total, currency),
      at: iso(at),
    })),
    cart: profile.cart && {
      id: profile.cart.id,
      total: moneyOrNull(profile.cart.total, profile.cart.currency),
      items: profile.cart.items,
      at: iso(profile.cart.at),
    },
    snoozedUntil: null,
    paused: paused && { ...paused, since: iso(paused.since) },
    enrollments: (state?.enrollments ?? []).map((enrollment) => ({
      id: enrollment.id,
      journey: enrollment.journey,
      version: enrollment.version,
      key: enrollment.key,
      arm: enrollment.arm,
      step: enrollment.step,
      state: enrollment.status.kind,
      since: iso(enrollment.since),
      enteredAt: iso(enrollment.enteredAt),
      goalAt: isoOrNull(enrollment.goalAt),
      reason: enrollment.status.kind === 'poison' ? enrollment.status.reason : null,
      wakers: wakers(enrollment),
    })),
    planned: snapshot.deliveries.map(({ id, at, ...rest }) => ({
      deliveryId: id,
      action: rest.action,
      channel: rest.channel,
      at: iso(at),
      class: rest.class,
      state: rest.state,
      enrollmentId: rest.enrollmentId,
    })),
    tasks: snapshot.tasks.map((task) => ({
      id: task.id,
      action: task.action,
      state: task.state,
      queue: task.queue,
      enrollmentId: task.enrollmentId,
      acknowledgeBy: iso(task.acknowledgeBy),
      resolveBy: iso(task.resolveBy),
    })),
    lastDecision: snapshot.lastDecision && { ...snapshot.lastDecision, at: iso(snapshot.lastDecision.at) },
  };
}

/** Journey time may run ahead of the wall's, under a skipped clock; it never runs behind. */
export function journeyNow(snapshot: Pick<CustomerSnapshot, 'asOf' | 'lastNow'>): Instant {
  return Math.max(snapshot.asOf, snapshot.lastNow);
}

/** Open tickets silence until they close; closed ones until their cool-down ends, which begins with the next decision. */
function suppressedOf(snapshot: CustomerSnapshot, bundle: Bundle | null): CustomerView['suppressed'] {
  const now = journeyNow(snapshot);
  const cooldown = bundle?.workspace.tickets.cooldown ?? 0;
  const reasons = snapshot.tickets.flatMap((ticket): CustomerView['suppressed']['reasons'] => {
    if (ticket.status === 'open')
      return [
        {
          code: 'ticket_open',
          ticketId: ticket.id,
          since: iso(ticket.openedAt),
          liftsAt: null,
          liftsOn: 'Ticket Closed',
        },
      ];
    const until = ticket.quietUntil ?? now + cooldown;
    if (until <= now) return [];
    const since = iso(ticket.closedAt ?? ticket.version);
    return [{ code: 'cooling_down', ticketId: ticket.id, since, liftsAt: iso(until), liftsOn: null }];
  });
  const active = reasons.length > 0;
  return { active, classes: active ? (bundle?.workspace.tickets.suppress ?? ['marketing']) : [], reasons };
}

/** What holds, for each purpose, channel and topic that somebody ever spoke of. */
function consentsOf({ consents }: CustomerSnapshot): CustomerView['consents'] {
  const scopes = new Map(consents.map((c) => [JSON.stringify([c.purpose, c.channel, c.topic]), c]));
  return [...scopes.values()].flatMap(({ purpose, channel, topic }) => {
    const holds = consentFor(consents, purpose, channel, topic);
    if (!holds) return [];
    return [{ purpose, channel, topic, status: holds.status, since: iso(holds.at), source: holds.source }];
  });
}

function timezoneOf(snapshot: CustomerSnapshot, { active, zones }: Lens): string {
  const fallback = active?.workspace.timezone ?? 'UTC';
  const said = trait(snapshot.profile, 'timezone');
  return zones(typeof said === 'string' ? said : fallback, fallback, journeyNow(snapshot)).name;
}
