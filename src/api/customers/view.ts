import type { z } from 'zod';
import type { CustomerSnapshot } from '../../../db/customers/customer-snapshot.ts';
import { resolveConsent } from '../../domain/customer/consent.ts';
import { readCustomerName } from '../../domain/customer/customer-name.ts';
import { readCustomerLocale } from '../../domain/customer/profile.ts';
import type { Bundle } from '../../domain/definition.ts';
import { type Instant, iso } from '../../domain/time/time.ts';
import { computeThermometer } from '../../learning/scores/customer-value.ts';
import { explainScores } from '../../learning/scores/explained-scores.ts';
import { toIsoOrNull, toMoney, toMoneyOrNull } from '../frame/format.ts';
import { explainWithheld, toAttributeViews } from './attributes-view.ts';
import { toCartItems } from './cart-view.ts';
import { toEnrollmentView } from './enrollment-view.ts';
import type { customer } from './schema.ts';
import { toScoresView } from './scores-view.ts';
import { toOpenTicketViews, toSuppressionView } from './suppression-view.ts';
import { toThermometerView } from './thermometer-view.ts';
import { resolveZone, type ViewContext } from './view-context.ts';
import { toViewFacts } from './view-facts.ts';
import { explainWakers } from './wakers-view.ts';

export type CustomerView = z.infer<typeof customer>;

/** The customer as the API shows it. */
export function toCustomerView(snapshot: CustomerSnapshot, context: ViewContext): CustomerView {
  const { profile, state, paused } = snapshot;
  const wakers = explainWakers(snapshot, context);
  const now = journeyNow(snapshot);
  const snoozed = profile.snoozed && profile.snoozed.until > now ? profile.snoozed : null;
  return {
    id: snapshot.id,
    workspace: snapshot.workspace,
    asOf: iso(snapshot.asOf),
    eventSeq: snapshot.eventSeq,
    processedSeq: snapshot.processedSeq,
    ordinal: snapshot.ordinal,
    mergedIds: snapshot.mergedIds,
    mergedInto: null,
    identities: snapshot.identities,
    traits: Object.fromEntries(Object.entries(profile.traits).map(([key, { value }]) => [key, value])),
    attributes: toAttributes(snapshot, context, now),
    dropped: profile.dropped ? { ...profile.dropped, at: iso(profile.dropped.at) } : null,
    account: snapshot.account && {
      id: snapshot.account.id,
      name: readCustomerName(snapshot.account.traits),
    },
    stage: toStage(snapshot, context.active),
    locale: readCustomerLocale(profile) ?? null,
    timezone: resolveZone(profile, context.active, context.zones, now).name,
    ...toValueAndScores(snapshot, context, now),
    openTickets: toOpenTicketViews(snapshot.tickets),
    suppressed: toSuppressionView(snapshot.tickets, context.active, now),
    consents: toConsents(snapshot),
    orders: profile.orders.map(({ id, status, problem, total, refunded, currency, at }) => ({
      id,
      status,
      problem,
      total: toMoneyOrNull(total, currency),
      refunded: toMoney(refunded ?? 0, currency),
      at: iso(at),
    })),
    payments: profile.payments.map(({ orderId, status, code, total, currency, at }) => ({
      orderId,
      status,
      code,
      total: toMoneyOrNull(total, currency),
      at: iso(at),
    })),
    cart: profile.cart && {
      id: profile.cart.id,
      total: toMoneyOrNull(profile.cart.total, profile.cart.currency),
      items: toCartItems(profile.cart.items),
      at: iso(profile.cart.at),
    },
    snoozedUntil: toIsoOrNull(snoozed?.until),
    snoozedTopics: snoozed?.topics ?? null,
    personalisation: {
      level: profile.personalisation?.level ?? context.active?.workspace.personalisation ?? 0,
      chosenByCustomer: profile.personalisation !== null,
    },
    paused: paused && {
      since: iso(paused.since),
      reason: paused.reason,
      actor: paused.by,
      actorName: paused.name,
    },
    poison: toPoison(snapshot),
    enrollments: (state?.enrollments ?? []).map((item) => toEnrollmentView(item, wakers(item))),
    segments: Object.entries(state?.segments ?? {}).flatMap(([id, { inside, since }]) =>
      inside ? [{ id, since: iso(since) }] : [],
    ),
    upcoming: toUpcoming(snapshot),
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
      snoozedUntil: toIsoOrNull(task.snoozedUntil),
    })),
    lastDecision: snapshot.lastDecision && { ...snapshot.lastDecision, at: iso(snapshot.lastDecision.at) },
  };
}

function toAttributes(
  snapshot: CustomerSnapshot,
  context: ViewContext,
  now: Instant,
): CustomerView['attributes'] {
  const { active } = context;
  if (!active) return toAttributeViews(snapshot.profile.traits, {}, now);
  const withheld = explainWithheld(toViewFacts(snapshot, active, context, now), now);
  return toAttributeViews(snapshot.profile.traits, active.attributes, now, withheld);
}

function toPoison({ state }: CustomerSnapshot): CustomerView['poison'] {
  if (!state?.poison) return null;
  const { reason, since, bundle, tries, until } = state.poison;
  return { reason, since: iso(since), version: bundle, tries, retryAt: iso(until) };
}

/** The value thermometer and the scores, as of now. */
function toValueAndScores(
  snapshot: CustomerSnapshot,
  context: ViewContext,
  now: Instant,
): Pick<CustomerView, 'valueThermometer' | 'scores'> {
  const { active, fitted, evaluate, serviceCost } = context;
  if (!active) return { valueThermometer: null, scores: null };
  const input = { facts: toViewFacts(snapshot, active, context, now), bundle: active, fitted, now, evaluate };
  const value = computeThermometer(input, serviceCost);
  return {
    valueThermometer: value && fitted && toThermometerView(value, fitted),
    scores: toScoresView(explainScores(input), active.workspace.currency),
  };
}

/** Journey time may be ahead of the wall clock where tests skip time; it is never behind. */
function journeyNow(snapshot: Pick<CustomerSnapshot, 'asOf' | 'lastNow'>): Instant {
  return Math.max(snapshot.asOf, snapshot.lastNow);
}

/** Journeys that the customer will enter on a date of theirs, soonest first. */
function toUpcoming({ state }: CustomerSnapshot): CustomerView['upcoming'] {
  return Object.entries(state?.dates ?? {})
    .filter(([, date]) => date.state === 'armed')
    .sort(([, a], [, b]) => a.at - b.at)
    .map(([name, { on, at }]) => ({ journey: name.replace(/#\d+$/, ''), date: on, at: iso(at) }));
}

/** The life stage of the customer, and the role that owns it (E-3). */
function toStage({ state }: CustomerSnapshot, bundle: Bundle | null): CustomerView['stage'] {
  if (!state?.stage) return null;
  const { id, since } = state.stage;
  const owner = bundle?.workspace.stages.find((stage) => stage.id === id)?.owner ?? null;
  return { id, since: iso(since), owner };
}

/** The current consent for each purpose, channel and topic with a statement. */
function toConsents({ consents }: CustomerSnapshot): CustomerView['consents'] {
  const scopes = new Map(consents.map((c) => [JSON.stringify([c.purpose, c.channel, c.topic]), c]));
  return [...scopes.values()].flatMap(({ purpose, channel, topic }) => {
    const current = resolveConsent(consents, purpose, channel, topic);
    if (!current) return [];
    return [
      { purpose, channel, topic, status: current.status, since: iso(current.at), source: current.source },
    ];
  });
}
