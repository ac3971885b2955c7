import type { Bundle } from '../../domain/definition.ts';
import { CALL_NAMES, classifyEvent, EVENT } from '../../domain/event.ts';
import type { Instant } from '../../domain/time/time.ts';
import type { DecisionRequest } from '../request.ts';
import { block, type Gate, pass } from './gate.ts';

const GATE = 'sunset';
const RULE = 'sunset';

/** What Throughline says itself, and calls that say who somebody is rather than that anybody is there. */
const NOT_HEARD: ReadonlySet<string> = new Set([
  EVENT.stageChanged,
  EVENT.segmentEntered,
  EVENT.segmentLeft,
  EVENT.ticketOverdue,
  CALL_NAMES.identify,
  CALL_NAMES.group,
  CALL_NAMES.alias,
]);
/** Who opens, clicks or answers is there. */
const HEARD: ReadonlySet<string> = new Set([
  'Delivery Opened',
  'Delivery Clicked',
  EVENT.actionClicked,
  EVENT.actionAccepted,
  EVENT.actionRejected,
]);
const KINDS: ReadonlySet<string> = new Set(['purchase', 'behaviour', 'ticket']);

/** Marketing ends for a customer of whom nothing was heard for so long. Whoever is new has time to speak. */
export const sunset: Gate<'profile'> = ({ action }, request) => {
  const { facts, bundle, now } = request;
  const { sunset: policy } = bundle.workspace;
  if (action.class !== 'marketing' || policy === null) return pass(GATE);
  const needed = now - policy.after;
  if (facts.knownSince > needed) return pass(GATE, RULE);
  const heard = lastHeard(request, needed);
  if (heard !== null && heard > needed) return pass(GATE, RULE);
  return [block(GATE, 'sunset', { rule: RULE, observed: heard, needed, liftsOn: 'Customer Activity' })];
};

/** When the customer was last heard of; any time after `enough` will do. */
function lastHeard({ facts, bundle }: DecisionRequest<'profile'>, enough: Instant): Instant | null {
  const emitted = emittedBy(bundle);
  let last: Instant | null = null;
  for (const [name, { last: at }] of Object.entries(facts.profile.counts)) {
    if ((last !== null && at <= last) || !isHeard(name, emitted)) continue;
    if (at > enough) return at;
    last = at;
  }
  return last;
}

function isHeard(name: string, emitted: ReadonlySet<string>): boolean {
  return HEARD.has(name) || (KINDS.has(classifyEvent(name)) && !NOT_HEARD.has(name) && !emitted.has(name));
}

const emissions = new WeakMap<Bundle, ReadonlySet<string>>();

/** Names of events that journeys themselves emit. Bundles don't change, and it is asked for every candidate. */
function emittedBy(bundle: Bundle): ReadonlySet<string> {
  let names = emissions.get(bundle);
  if (!names) {
    const steps = bundle.journeys.flatMap((journey) => journey.steps);
    names = new Set(steps.flatMap((step) => (step.kind === 'emit' ? [step.event] : [])));
    emissions.set(bundle, names);
  }
  return names;
}
