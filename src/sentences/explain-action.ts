import { TASK_STATES } from '../domain/delivery.ts';
import type { EnrollmentStatus } from '../domain/state.ts';
import type { Instant } from '../domain/time/time.ts';
import { type CouponView, describeCoupon } from './describe-coupon.ts';
import {
  type BlockingVerdict,
  describeLift,
  describeVerdict,
  type SuppressingTicket,
} from './describe-verdict.ts';
import { type Message, message } from './message.ts';
import type { StateMessages } from './messages.ts';
import { listParam, partsParam, timeParam } from './param.ts';
import { readInstant } from './read-value.ts';
import { sortReasons } from './sort-reasons.ts';

/** An enrollment of the customer, as the API shows it. */
interface EnrollmentView {
  id: string;
  journey: string;
  step: string;
  state: string;
  arm: string;
  reason: string | null;
  wakers: readonly ({ at: string; reason: string } | { event: string })[];
}

/** What is asked of the API about the customer. */
interface CustomerState {
  suppressed: { reasons: readonly SuppressingTicket[] };
  poison: { reason: string; retryAt: string } | null;
  enrollments: readonly EnrollmentView[];
}

/** What the gates answer now (`GET /v1/customers/{ref}/actions/{action}`). */
interface Eligibility {
  action: string;
  purpose: string;
  topic: string | null;
  offeredBy: { journeys: readonly string[]; placements: readonly string[] };
  enrollmentId: string | null;
  allowed: boolean;
  channels: readonly {
    channel: string;
    verdict: string;
    gates: readonly (BlockingVerdict & { pass: boolean })[];
  }[];
}

/** A message of the action to this customer. */
interface ActionDelivery {
  action: string;
  channel: string;
  state: string;
  at: string;
  error: string | null;
}

/** A task of the action about this customer. */
interface ActionTask {
  action: string;
  state: string;
  queue: string;
  createdAt: string;
  resolveBy: string;
  outcome: string | null;
}

/** A decision about the customer, with its candidates. */
export interface JudgedDecision {
  at: string;
  actions: readonly { action: string }[];
  candidates: readonly {
    action: string;
    channel: string;
    verdict: string;
    gates: readonly (BlockingVerdict & { pass: boolean })[];
  }[];
}

/** Everything that is known about one action for one customer. Lists are newest first. */
export interface ActionFacts {
  customer: CustomerState;
  eligibility: Eligibility;
  deliveries: readonly ActionDelivery[];
  tasks: readonly ActionTask[];
  decisions: readonly JudgedDecision[];
  coupons: readonly (CouponView & { action: string })[];
}

/** Whether the action reaches the customer. Stable, lower_snake. */
type OutlookState =
  | 'planned'
  | 'sending'
  | 'task'
  | 'parked'
  | 'control'
  | 'not_enrolled'
  | 'sent'
  | 'not_offered'
  | 'silent'
  | 'waiting'
  | 'busy'
  | 'outranked'
  | 'allowed';

/** One reason against the action, and when it is over. */
interface BlockingReason {
  gate: string;
  code: string | null;
  /** The channels that it blocks. */
  channels: string[];
  liftsAt: string | null;
  liftsOn: string | null;
  reason: Message;
  lift: Message;
}

/** The answer to "why does this customer not get this action?". */
export interface Outlook {
  state: OutlookState;
  /** Whether the action is on its way, or may be chosen by the next decision. */
  reaches: boolean;
  headline: Message;
  /** What blocks it now, the longest first. */
  reasons: BlockingReason[];
  /** What else there is to know: the last message, the step of the journey. */
  facts: Message[];
}

/** Gates that read the enrollment: without one, what they answer says nothing. */
const READ_ENROLLMENT: readonly string[] = ['eligibility', 'applicability', 'suitability', 'coupon', 'value'];

/** Explains what the API knows about one action for one customer. */
export function explainAction(facts: ActionFacts): Outlook {
  const { customer, eligibility } = facts;
  const enrollment = customer.enrollments.find(({ id }) => id === eligibility.enrollmentId) ?? null;
  const { journeys } = eligibility.offeredBy;
  const needsEnrollment = enrollment === null && journeys.length > 0;
  const reasons = listReasons(facts, needsEnrollment);
  const context = { ...facts, enrollment, reasons };
  const outcome =
    explainEffect(facts) ??
    explainParking(customer, enrollment) ??
    explainOffer(facts, enrollment) ??
    explainGates(context);
  const [first] = reasons;
  const headlineHasFirst = outcome.state === 'silent' && first !== undefined;
  return {
    ...outcome,
    reaches: ['planned', 'sending', 'task', 'allowed'].includes(outcome.state),
    reasons,
    facts: listFacts(context, outcome.state, headlineHasFirst),
  };
}

type Outcome = Pick<Outlook, 'state' | 'headline'>;

interface Context extends ActionFacts {
  enrollment: EnrollmentView | null;
  reasons: BlockingReason[];
}

const RUNNING_TASKS: readonly string[] = ['planned', 'open', 'acknowledged'];

/** The message is planned or under way, or a person has its task. */
function explainEffect({ eligibility: { action }, deliveries, tasks }: ActionFacts): Outcome | null {
  const own = deliveries.filter((delivery) => delivery.action === action);
  const planned = own.find(({ state }) => state === 'planned');
  if (planned) {
    const at = { time: readInstant(planned.at) ?? 0 };
    return { state: 'planned', headline: message('outlook.planned', { channel: planned.channel, at }) };
  }
  const sending = own.find(({ state }) => state === 'sending');
  if (sending)
    return { state: 'sending', headline: message('outlook.sending', { channel: sending.channel }) };
  const task = tasks.find((t) => t.action === action && RUNNING_TASKS.includes(t.state));
  if (!task) return null;
  const params = {
    state: partsParam(describeTaskState(task.state)),
    queue: task.queue,
    until: timeParam(readInstant(task.resolveBy)),
  };
  return { state: 'task', headline: message('outlook.task', params) };
}

function explainParking({ poison }: CustomerState, enrollment: EnrollmentView | null): Outcome | null {
  const isParked = enrollment?.state === 'poison';
  if (poison === null && !isParked) return null;
  const reason = poison?.reason ?? enrollment?.reason ?? null;
  const retryAt = timeParam(readInstant(poison?.retryAt));
  return { state: 'parked', headline: message('outlook.parked', { reason, retryAt }) };
}

/** No enrollment of the customer leads to the action. */
function explainOffer(
  { eligibility, customer, deliveries }: ActionFacts,
  enrollment: EnrollmentView | null,
): Outcome | null {
  const { journeys, placements } = eligibility.offeredBy;
  if (enrollment !== null || (journeys.length === 0 && placements.length > 0)) return null;
  if (journeys.length === 0) return { state: 'not_offered', headline: message('outlook.not_offered', {}) };
  const controls = listControls(customer, journeys);
  if (controls.length > 0)
    return { state: 'control', headline: message('outlook.control', { journeys: { list: controls } }) };
  const sent = deliveries.find(({ action, state }) => action === eligibility.action && state === 'sent');
  if (sent) {
    const at = { time: readInstant(sent.at) ?? 0 };
    const params = { channel: sent.channel, at, journeys: { list: journeys } };
    return { state: 'sent', headline: message('outlook.sent', params) };
  }
  return {
    state: 'not_enrolled',
    headline: message('outlook.not_enrolled', { journeys: { list: journeys } }),
  };
}

function listControls({ enrollments }: CustomerState, journeys: readonly string[]): string[] {
  const controls = enrollments.filter(({ arm, journey }) => arm === 'control' && journeys.includes(journey));
  return [...new Set(controls.map(({ journey }) => journey))];
}

function explainGates({ eligibility, enrollment, reasons, decisions }: Context): Outcome {
  const [first] = reasons;
  if (!eligibility.allowed && first) {
    const { reason, lift } = first;
    return {
      state: 'silent',
      headline: message('outlook.silent', { reason: partsParam(reason), lift: partsParam(lift) }),
    };
  }
  const channels = {
    list: eligibility.channels.filter(({ verdict }) => verdict === 'allowed').map(({ channel }) => channel),
  };
  if (enrollment === null) {
    const placements = { list: eligibility.offeredBy.placements };
    return { state: 'allowed', headline: message('outlook.on_request', { channels, placements }) };
  }
  const { journey, step, state } = enrollment;
  if (state === 'waiting')
    return {
      state: 'waiting',
      headline: message('outlook.waiting', { journey, step, until: timeParam(findWake(enrollment)) }),
    };
  if (state === 'delivering' || state === 'tasked')
    return { state: 'busy', headline: message('outlook.busy', { journey, step }) };
  return (
    explainLoss(eligibility.action, decisions) ?? {
      state: 'allowed',
      headline: message('outlook.allowed', { channels, next: timeParam(findWake(enrollment)) }),
    }
  );
}

/** The last decision that compared the action chose something else. */
function explainLoss(action: string, decisions: readonly JudgedDecision[]): Outcome | null {
  for (const { at: decidedAt, actions, candidates } of decisions) {
    const own = candidates.filter((candidate) => candidate.action === action);
    if (own.length === 0) continue;
    const lost = own.find(({ verdict }) => verdict === 'outranked');
    const verdict = lost?.gates.find(({ gate, pass }) => gate === 'arbitration' && !pass);
    if (!lost || !verdict || own.some((candidate) => candidate.verdict === 'chosen')) return null;
    const at = { time: readInstant(decidedAt) ?? 0 };
    if (verdict.code === 'do_nothing')
      return { state: 'outranked', headline: message('outlook.nothing_won', { at }) };
    const winners = listParam([...new Set(actions.map((chosen) => chosen.action))]);
    const again = timeParam(readInstant(verdict.liftsAt));
    return { state: 'outranked', headline: message('outlook.outranked', { winners, at, again }) };
  }
  return null;
}

/** Each reason once, with the channels that it blocks; the one that lasts longest first. */
function listReasons({ eligibility, customer }: ActionFacts, needsEnrollment: boolean): BlockingReason[] {
  const { purpose, topic, channels } = eligibility;
  const tickets = customer.suppressed.reasons;
  const found = new Map<string, BlockingReason>();
  for (const { channel, gates } of channels) {
    for (const verdict of gates) {
      if (verdict.pass || (needsEnrollment && READ_ENROLLMENT.includes(verdict.gate))) continue;
      const context = { channel, purpose, topic, tickets };
      const reason = describeVerdict(verdict, context);
      const lift = describeLift(verdict, context);
      const key = JSON.stringify([reason, lift]);
      const same = found.get(key);
      if (same) {
        same.channels.push(channel);
        continue;
      }
      const at = readInstant(verdict.liftsAt);
      found.set(key, {
        gate: verdict.gate,
        code: verdict.code ?? null,
        channels: [channel],
        liftsAt: at === null ? null : String(verdict.liftsAt),
        liftsOn: verdict.liftsOn ?? null,
        reason,
        lift,
      });
    }
  }
  return sortReasons([...found.values()]);
}

function listFacts(context: Context, state: OutlookState, isFirstShown: boolean): Message[] {
  const { enrollment, eligibility, customer } = context;
  const others = context.reasons.slice(isFirstShown ? 1 : 0);
  const channelCount = eligibility.channels.length;
  const lines = others.map(({ channels, reason, lift }) =>
    message('reason.line', {
      channels: channels.length < channelCount ? { list: channels } : null,
      reason: partsParam(reason),
      lift: partsParam(lift),
    }),
  );
  const controls = state === 'control' ? [] : listControls(customer, eligibility.offeredBy.journeys);
  return [
    ...lines,
    ...(state === 'sent' ? [] : describeLast(context)),
    ...describeCoupons(context),
    ...(enrollment && state !== 'waiting' && state !== 'busy' ? [describeStep(enrollment)] : []),
    ...(controls.length > 0 ? [message('fact.control', { journeys: { list: controls } })] : []),
  ];
}

/** The last message or task of the action that has ended. */
function describeLast({ eligibility: { action }, deliveries, tasks }: ActionFacts): Message[] {
  const last = deliveries.find(
    (delivery) => delivery.action === action && ['sent', 'failed', 'unknown'].includes(delivery.state),
  );
  const task = tasks.find((t) => t.action === action && !RUNNING_TASKS.includes(t.state));
  const facts: Message[] = [];
  if (last) {
    const { channel, error, state } = last;
    const at = { time: readInstant(last.at) ?? 0 };
    if (state === 'failed') facts.push(message('fact.failed', { channel, at, error }));
    else if (state === 'unknown') facts.push(message('fact.unknown', { channel, at }));
    else facts.push(message('fact.sent', { channel, at }));
  }
  if (task) {
    const at = { time: readInstant(task.createdAt) ?? 0 };
    const state = partsParam(describeTaskState(task.state));
    facts.push(message('fact.task_ended', { state, outcome: task.outcome, at }));
  }
  return facts;
}

/** The newest coupon of the action. */
function describeCoupons({ eligibility, coupons }: ActionFacts): Message[] {
  const own = coupons.find(({ action }) => action === eligibility.action);
  return own ? [describeCoupon(own)] : [];
}

function describeStep(enrollment: EnrollmentView): Message {
  const { journey, step, state } = enrollment;
  return message('fact.step', {
    journey,
    step,
    state: partsParam(describeEnrollmentState(state)),
    until: state === 'waiting' ? timeParam(findWake(enrollment)) : null,
    again: state === 'held' ? timeParam(findWake(enrollment)) : null,
  });
}

/** When the enrollment is decided again, apart from the end of its time. */
function findWake({ wakers }: EnrollmentView): Instant | null {
  const times = wakers.flatMap((waker) =>
    'at' in waker && waker.reason !== 'exit' ? (readInstant(waker.at) ?? []) : [],
  );
  return times.length > 0 ? Math.min(...times) : null;
}

const ENROLLMENT_STATES: readonly EnrollmentStatus['kind'][] = [
  'running',
  'waiting',
  'held',
  'delivering',
  'tasked',
  'poison',
  'control',
];

function describeEnrollmentState(state: string): Message {
  return describeState('enrollment', ENROLLMENT_STATES, state);
}

function describeTaskState(state: string): Message {
  return describeState('task_state', TASK_STATES, state);
}

function describeState(prefix: string, known: readonly string[], state: string): Message {
  if (!known.includes(state)) return message('reason.text', { text: state });
  return { code: `${prefix}.${state}` as keyof StateMessages, params: {} } as Message;
}
