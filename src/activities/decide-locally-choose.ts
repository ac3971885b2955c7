import { choose } from '../decisioning/choose.ts';
import { judge } from '../decisioning/gates/index.ts';
import { channelOf } from '../domain/address.ts';
import type { Asking, Candidate, JudgedCandidate } from '../domain/candidate.ts';
import type { Evaluate, Facts, Situation } from '../domain/context.ts';
import type { ActionDef, Bundle, PlacementDef } from '../domain/definition.ts';
import type { DeliveryFact } from '../domain/delivery.ts';
import { inGlobalControl } from '../domain/holdout.ts';
import type { Instant } from '../domain/time.ts';
import { situationAtClaim } from './situation.ts';

/** Id of what asks in a decision on the spot: no enrollment does. */
export const LOCAL = 'local';

export interface LocalQuestion {
  placement: PlacementDef;
  bundle: Bundle;
  facts: Facts;
  now: Instant;
  /** How many actions at most. */
  limit: number;
  evaluate: Evaluate;
  /** Whose id decides holdouts. */
  seed: string;
}

export interface LocalChoice {
  /** Best first. */
  chosen: ActionDef[];
  judged: JudgedCandidate[];
  /** The placement's fallback, if the gates let it through; asked only where nothing was chosen. */
  fallback: ActionDef | null;
}

/**
 * Ranks a placement's actions for one customer: the same gates and the same ranking as a journey's decision, once for
 * each place of the list. What is chosen first counts against the caps and limits of what follows. It doesn't count
 * against the spacing, since a list is shown at once.
 */
export function chooseLocally(question: LocalQuestion): LocalChoice {
  const { facts, evaluate, now, limit } = question;
  const rules = rulesAt(question);
  const judged = new Map<string, JudgedCandidate>();
  const chosen: Candidate[] = [];
  let situation = situationAtClaim(facts, rules.first, evaluate, now);
  let left = candidatesOf(question).filter((candidate) => {
    const control = heldOut(question, candidate.action);
    if (control) judged.set(candidate.action.id, controlOf(candidate));
    return !control;
  });
  while (chosen.length < limit && left.length > 0) {
    const choice = choose(left, situation);
    for (const one of choice.judged) judged.set(one.action, one);
    const [best] = choice.chosen;
    if (!best) break;
    chosen.push(best);
    left = left.filter(({ action }) => action !== best.action && passes(judged.get(action.id)));
    situation = { ...situation, bundle: rules.further, facts: withTaken(facts, chosen, now) };
  }
  const fallback = chosen.length > 0 ? null : fallbackOf(question, situation);
  return { chosen: chosen.map(({ action }) => action), judged: [...judged.values()], fallback };
}

/** On the placement's channel, by itself: what a person must do isn't answered on the spot. */
function candidatesOf({ placement, bundle, facts, now }: LocalQuestion): Candidate[] {
  const actions = placement.actions.flatMap((id) => bundle.actions.find((action) => action.id === id) ?? []);
  return actions
    .filter((action) => action.mode === 'auto' && action.channels.includes(placement.channel))
    .map((action, order) => candidateOf(placement, facts, now, action, order));
}

function candidateOf(
  { id, channel }: PlacementDef,
  facts: Facts,
  now: Instant,
  action: ActionDef,
  order: number,
): Candidate {
  const properties = { placement: id, channel };
  const entry = { id: '', name: 'Decision Asked', at: now, seq: 0, properties };
  const enrollment: Asking = { id: LOCAL, key: null, enteredAt: now, entry, vars: {} };
  return { enrollment, action, channel, subject: subjectOf(action, facts), order };
}

/** No step says what a service action is about: it is the customer's newest open ticket, or their newest order. */
function subjectOf({ about }: ActionDef, { tickets, profile }: Facts): string | null {
  if (about === 'order') return profile.orders.at(-1)?.id ?? null;
  if (about !== 'ticket') return null;
  const own = tickets.filter((ticket) => ticket.of === null && ticket.status === 'open');
  return own.sort((a, b) => b.openedAt - a.openedAt)[0]?.id ?? null;
}

/** Controls of all marketing are controls here, too; else what a journey keeps from them a page would show. */
function heldOut({ bundle, facts, seed }: LocalQuestion, action: ActionDef): boolean {
  return action.class === 'marketing' && inGlobalControl(facts.workspace, seed, bundle.workspace.holdout);
}

function controlOf({ action, channel }: Candidate): JudgedCandidate {
  const gates = [{ gate: 'holdout', pass: false, code: 'control' }];
  const { id, class: of } = action;
  return {
    enrollmentId: LOCAL,
    action: id,
    class: of,
    channel,
    verdict: 'blocked',
    score: 0,
    propensity: 0,
    gates,
  };
}

function passes(judged: JudgedCandidate | undefined): boolean {
  return judged?.gates.every((gate) => gate.pass) ?? false;
}

/**
 * Who asks must get an answer; so a fallback that isn't marketing is always given. One that is goes through the gates
 * of whoever is known: an open ticket silences it like anything else.
 */
function fallbackOf(question: LocalQuestion, situation: Situation): ActionDef | null {
  const { placement, bundle, facts, now } = question;
  const action = bundle.actions.find(({ id }) => id === placement.fallback) ?? null;
  if (action?.class !== 'marketing') return action;
  if (heldOut(question, action)) return null;
  const gates = judge(candidateOf(placement, facts, now, action, 0), situation);
  return gates.every((gate) => gate.pass) ? action : null;
}

interface Rules {
  first: Bundle;
  further: Bundle;
}

const KNOWN = new WeakMap<Bundle, { inbound: Rules; outbound: Rules }>();

/**
 * Quiet hours keep a phone from lighting up. Where a channel reaches only who is there (it needs no address), the
 * customer has come by themselves, and no hour is wrong for an answer.
 */
function rulesAt({ bundle, placement }: LocalQuestion): Rules {
  let rules = KNOWN.get(bundle);
  if (!rules) {
    const awake = { ...bundle, workspace: { ...bundle.workspace, quiet: null } };
    rules = { inbound: rulesOf(awake), outbound: rulesOf(bundle) };
    KNOWN.set(bundle, rules);
  }
  return channelOf(bundle.workspace, placement.channel)?.address === null ? rules.inbound : rules.outbound;
}

function rulesOf(bundle: Bundle): Rules {
  return { first: bundle, further: { ...bundle, workspace: { ...bundle.workspace, spacing: 0 } } };
}

function withTaken(facts: Facts, chosen: Candidate[], now: Instant): Facts {
  const taken = chosen.map(
    ({ action, channel }): DeliveryFact => ({
      id: '',
      enrollmentId: LOCAL,
      action: action.id,
      class: action.class,
      purpose: action.purpose,
      topic: action.topic,
      channel,
      key: null,
      state: 'planned',
      at: now,
      refusal: null,
    }),
  );
  const shared = facts.shared.map((one) => {
    const more = taken.filter((contact) => uses(contact, one)).length;
    return more === 0 ? one : { ...one, used: one.used + more };
  });
  return { ...facts, deliveries: [...facts.deliveries, ...taken], shared };
}

function uses(contact: DeliveryFact, { action, cap }: Facts['shared'][number]): boolean {
  if (action !== null) return contact.action === action;
  if (cap.channel !== null && cap.channel !== contact.channel) return false;
  return cap.purpose === null ? contact.class === 'marketing' : contact.purpose === cap.purpose;
}
