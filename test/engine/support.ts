import type { Candidate } from '../../src/domain/candidate.ts';
import { emptyProfile } from '../../src/domain/customer/profile.ts';
import {
  type ActionDef,
  type AttributeDef,
  BUNDLE_FORMAT,
  type Bundle,
  type TicketPolicy,
  type WorkspaceDef,
} from '../../src/domain/definition.ts';
import type { DeliveryFact } from '../../src/domain/delivery.ts';
import type { Evaluator, Facts } from '../../src/domain/facts.ts';
import type { Ticket } from '../../src/domain/ticket.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { UTC } from '../../src/domain/time/zone.ts';
import { bundlePolicy } from '../../src/engine/policy.ts';
import { createRequest, type DecisionRequest } from '../../src/engine/request.ts';
import { buildAction, PLAIN_WORKSPACE } from '../support/bundle-builders.ts';

export const NOW = Date.UTC(2026, 5, 15, 12);

export const TICKETS: TicketPolicy = {
  suppress: ['marketing'],
  scope: 'customer',
  cooldown: 48 * HOUR,
  maxAge: 30 * DAY,
  severity: {},
};

export function workspace(changes: Partial<WorkspaceDef> = {}): WorkspaceDef {
  return {
    ...PLAIN_WORKSPACE,
    timezone: 'Europe/Berlin',
    topics: ['tips', 'offers'],
    snooze: [7 * DAY],
    tickets: TICKETS,
    channels: {
      sms: { via: 'webhook', address: 'phone' },
      push: { via: 'webhook', address: 'pushToken' },
      inbox: { via: 'webhook', address: null },
    },
    valueHalf: 10_000,
    ...changes,
  };
}

export function bundle(changes: Partial<Bundle> = {}): Bundle {
  return {
    format: BUNDLE_FORMAT,
    version: 1,
    workspace: workspace(),
    journeys: [],
    actions: [],
    segments: [],
    placements: [],
    attributes: {},
    group: null,
    interest: { events: [], traits: [], accountEvents: [], windows: {} },
    ...changes,
  };
}

export function action({ id = 'tip', ...changes }: Partial<ActionDef> = {}): ActionDef {
  return buildAction(id, { class: 'marketing', about: null, mode: 'auto', ...changes });
}

/** A customer with an address who has granted marketing, and of whom nothing else is known. */
export function facts(changes: Partial<Facts> = {}): Facts {
  const profile = emptyProfile();
  profile.traits.email = { value: 'ada@example.com', at: NOW - 400 * DAY, seq: 1, source: 'web' };
  return {
    workspace: 'shop',
    customerId: 'cus_1',
    profile,
    profileSeq: 1,
    tickets: [],
    consents: [
      {
        purpose: 'marketing',
        channel: '*',
        topic: '*',
        status: 'granted',
        source: 'web',
        at: NOW - 400 * DAY,
        seq: 1,
      },
    ],
    deliveries: [],
    tasks: [],
    pastEnrollments: [],
    paused: null,
    zone: UTC,
    suppressedAddresses: [],
    pausedActions: [],
    coupons: [],
    budgets: [],
    account: null,
    attributes: {},
    personalisation: 3,
    eventHistory: {},
    sharedUse: [],
    segmentsSwept: true,
    knownSince: NOW - 400 * DAY,
    ...changes,
  };
}

export function candidate(of: ActionDef = action(), changes: Partial<Candidate> = {}): Candidate {
  return {
    enrollment: {
      id: 'enr_1',
      key: 'k-1',
      enteredAt: NOW - HOUR,
      entry: { id: 'evt_1', name: 'Order Completed', at: NOW - HOUR, seq: 1, properties: {} },
      vars: {},
    },
    action: of,
    channel: of.mode === 'human' ? 'agent_desk' : (of.channels[0] ?? 'email'),
    subject: 'k-1',
    order: 0,
    autonomy: 'rules_only',
    deliver: 'one',
    ...changes,
  };
}

/** Conditions are not what these tests are about: every expression is true, and worth 1. */
const alwaysTrue: Evaluator = (expression) => ({ ok: true, value: expression === '1.0' ? 1 : true });

/** By default a journey's decision, by every rule of the bundle. */
export function request(changes: Partial<DecisionRequest> = {}): DecisionRequest {
  const rules = changes.bundle ?? bundle();
  return createRequest({
    purpose: 'journey',
    policy: bundlePolicy(rules),
    facts: facts(),
    bundle: rules,
    now: NOW,
    evaluate: alwaysTrue,
    scores: {},
    quietUntil: null,
    experimentSubject: 'cus_1',
    seed: 'dec_1/0',
    ...changes,
  });
}

export function ticket(changes: Partial<Ticket> = {}): Ticket {
  return {
    id: 'T1',
    source: 'desk',
    status: 'open',
    rawStatus: 'open',
    severity: 'normal',
    product: null,
    ownerId: null,
    subject: 'It leaks',
    version: NOW - DAY,
    seq: 2,
    openedAt: NOW - DAY,
    closedAt: null,
    quietUntil: null,
    ...changes,
  };
}

export function delivery(changes: Partial<DeliveryFact> = {}): DeliveryFact {
  return {
    id: 'dlv_1',
    enrollmentId: 'enr_0',
    action: 'tip',
    class: 'marketing',
    purpose: 'marketing',
    topic: null,
    channel: 'email',
    key: null,
    state: 'sent',
    at: NOW - DAY,
    refusal: null,
    ...changes,
  };
}

export function attribute(changes: Partial<AttributeDef> = {}): AttributeDef {
  return {
    source: null,
    party: 'first',
    sensitivity: 0,
    uses: null,
    consent: null,
    fresh: null,
    fallback: null,
    ...changes,
  };
}
