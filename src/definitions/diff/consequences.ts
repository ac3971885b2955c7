import type { Step } from '../../domain/definition.ts';

/**
 * What each kind of edit does to customers, in the words of `throughline diff` and of the preview. The code that carries
 * an edit out is elsewhere: this is the one place that explains it. docs/language.md has the same rules as a table.
 */

const SENT_AS_DECIDED = 'planned contacts are sent as they were decided';
const PLANS_CANCELLED = 'their planned contacts there are cancelled';
const NEW_ENTRIES_ONLY = 'applies to customers who enter from now on; customers inside stay';
const MODEL_KEPT = 'what the model learned is kept';

/** An edit of a journey with `versions: pin`. */
export const PINNED =
  'customers inside finish under the version that they entered; it applies to customers who enter from now on';

export const JOURNEY = {
  added:
    'customers enter by events that are accepted from now on; customers who are already in its segment enter only with backfill',
  removed:
    'customers inside leave with reason journey_removed, and their planned contacts are cancelled; no customer enters from now on',
  removedPinned:
    'customers inside finish under the version that they entered; no customer enters from now on',
  enter: NEW_ENTRIES_ONLY,
  goal: 'applies at once to customers inside, for events from now on; goals that are reached stay reached',
  exit: 'applies at once: a customer who meets an exit leaves at the next evaluation',
  holdout:
    'customers inside keep their arm; customers who enter from now on are drawn with the new share, and the smaller share is contained in the larger',
} as const;

export const JOURNEY_VERSIONS = {
  pin: 'customers who enter from now on finish under the version that they entered; customers inside keep following edits',
  follow:
    'customers who enter from now on follow edits; pinned customers finish under the version that they entered',
} as const;

const REPORTS_ONLY = 'is used in reports only: no customer is affected';
/** An edit of a name or a description. */
export const READ_BY_PEOPLE = 'is read by people only: no customer is affected';

/** The other keys of a journey. */
export const JOURNEY_KEYS = {
  name: READ_BY_PEOPLE,
  description: READ_BY_PEOPLE,
  owner: REPORTS_ONLY,
  stage: REPORTS_ONLY,
  key: NEW_ENTRIES_ONLY,
  reenter: NEW_ENTRIES_ONLY,
  whileOpen: NEW_ENTRIES_ONLY,
  limit: NEW_ENTRIES_ONLY,
} as const;

export const STEP_ADDED = 'customers who reach it from now on take it; no customer is moved back';

/** @param destination the step that `moved` names, or `exit` */
export function describeStepRemoval(destination: string): string {
  const move = destination === 'exit' ? 'leave' : `move to '${destination}'`;
  return `customers at it ${move}; ${PLANS_CANCELLED}`;
}

export function describeStepChange(before: Step, after: Step): string {
  if (before.kind !== after.kind)
    return `customers at it start it again, as a ${after.kind} step; ${PLANS_CANCELLED}`;
  switch (after.kind) {
    case 'wait':
      return 'applies at once, counted from when the step began';
    case 'decide':
      return `customers who are held there are decided again at once; ${SENT_AS_DECIDED}`;
    case 'branch':
      return 'applies to customers who reach it from now on; customers keep their place in the shares';
    case 'set':
    case 'emit':
    case 'goto':
    case 'exit':
      return 'applies to customers who reach it from now on';
    default: {
      const never: never = after;
      return never;
    }
  }
}

export const ACTION = {
  added: 'can be chosen from the next decision',
  removed: `${SENT_AS_DECIDED}; later decisions never choose it`,
  changed: `${SENT_AS_DECIDED}; later decisions use the new definition`,
} as const;

/** In addition to `ACTION.changed`. */
export const ACTION_KEYS = {
  reward: 'rewards of past decisions count as defined when they were decided',
  boost: MODEL_KEPT,
  inventory: 'units already given away still count',
  budget: 'the amount spent this month still counts',
  variants: 'customers keep their variant, except those whom the new shares move',
} as const;

export const SEGMENT = {
  added:
    'all customers are evaluated once; customers who are already inside enter a journey by it only with backfill',
  removed: 'no customer enters by it from now on; customers inside a journey stay',
  changed:
    'all customers are evaluated again; a customer who is inside only by the new condition counts as entering the segment then, one who no longer is as leaving it; no enrollment is restarted',
} as const;

export const PLACEMENT = 'applies from the next request';
export const ATTRIBUTE = 'applies from the next decision and message; stored values are kept';
export const CATALOGUE = 'shown from the next visit of the page on, also behind links of earlier messages';
export const CMS = 'the file of the bundle is sent until the CMS has answered, within a minute';
export const SOURCE = {
  added: 'requests to its URL are accepted from now on, once it has a secret',
  removed: 'requests to its URL are answered with 404 from now on; what it has sent stays',
  changed: 'requests are read by it from now on; what was sent before stays as it was read',
} as const;
/** The contact policy, and every key of workspace.yaml that is not listed here. */
export const POLICY = 'applies to all customers from the next decision and claim';
export const STAGES =
  "each customer's stage is computed again at the next evaluation; a change emits Stage Changed";

export const CONTENT = {
  added: 'can be sent from the next decision',
  removed: `${SENT_AS_DECIDED}, with it; later messages use the variant's or the fallback locale's text`,
  changed: `${SENT_AS_DECIDED}, with the earlier text; messages that are decided from now on have the new one`,
} as const;

/** The keys of workspace.yaml that say how decisions are made. */
export const DECISIONING_KEYS: Record<string, string> = {
  autonomy: `applies from the next decision to steps and placements without an autonomy of their own; ${SENT_AS_DECIDED}`,
  arbitration: `applies from the next decision; ${SENT_AS_DECIDED}, and ${MODEL_KEPT}`,
  ideal: 'scores.type is computed with it from the next decision',
  worth:
    'customer values are computed with it from the next evaluation; ranks follow with the next nightly fit',
  guardrails: 'applies from the next check; paused actions stay paused until a person resumes them',
  sendTime: 'applies to contacts that are planned from now on',
};
