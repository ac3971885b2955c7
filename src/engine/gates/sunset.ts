import type { Bundle } from '../../domain/definition.ts';
import { CALL_NAMES, classifyEvent, EVENT } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { DecisionRequest } from '../request.ts';
import { block, type Gate, pass } from './gate.ts';

const GATE = 'sunset';
const RULE = 'sunset';

/** Events that Throughline emits itself, and calls that identify a customer but are no activity. */
const NO_ACTIVITY: ReadonlySet<string> = new Set([
  EVENT.stageChanged,
  EVENT.segmentEntered,
  EVENT.segmentLeft,
  EVENT.ticketOverdue,
  CALL_NAMES.identify,
  CALL_NAMES.group,
  CALL_NAMES.alias,
]);
/** Responses to our own messages are activity, too. */
const RESPONSES: ReadonlySet<string> = new Set([
  'Delivery Opened',
  'Delivery Clicked',
  EVENT.actionClicked,
  EVENT.actionAccepted,
  EVENT.actionRejected,
]);
const ACTIVITY_KINDS: ReadonlySet<string> = new Set(['purchase', 'behaviour', 'ticket']);

/** Marketing ends for a customer without activity for so long. A new customer gets the same time first. */
export const sunset: Gate<'profile'> = ({ action }, request) => {
  const { facts, bundle, now } = request;
  const { sunset: policy } = bundle.workspace;
  if (action.class !== 'marketing' || policy === null) return pass(GATE);
  const needed = now - policy.after;
  if (facts.knownSince > needed) return pass(GATE, RULE);
  const lastActivity = findLastActivity(request, needed);
  if (lastActivity !== null && lastActivity > needed) return pass(GATE, RULE);
  return [
    block(GATE, 'sunset', { rule: RULE, observed: lastActivity, needed, liftsOn: 'Customer Activity' }),
  ];
};

/** The time of the customer's last activity. @param enough any time after this ends the search */
function findLastActivity({ facts, bundle }: DecisionRequest<'profile'>, enough: Instant): Instant | null {
  const emitted = listEmitted(bundle);
  let last: Instant | null = null;
  for (const [name, { last: at }] of Object.entries(facts.profile.counts)) {
    if ((last !== null && at <= last) || !isActivity(name, emitted)) continue;
    if (at > enough) return at;
    last = at;
  }
  return last;
}

function isActivity(name: string, emitted: ReadonlySet<string>): boolean {
  return (
    RESPONSES.has(name) ||
    (ACTIVITY_KINDS.has(classifyEvent(name)) && !NO_ACTIVITY.has(name) && !emitted.has(name))
  );
}

const EMITTED = new WeakMap<Bundle, ReadonlySet<string>>();

/** Names of events that journeys emit. It is kept per bundle, since every candidate needs it. */
function listEmitted(bundle: Bundle): ReadonlySet<string> {
  let names = EMITTED.get(bundle);
  if (!names) {
    const steps = bundle.journeys.flatMap((journey) => journey.steps);
    names = new Set(steps.flatMap((step) => (step.kind === 'emit' ? [step.event] : [])));
    EMITTED.set(bundle, names);
  }
  return names;
}
