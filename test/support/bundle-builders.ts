import {
  type ActionDef,
  BUNDLE_FORMAT,
  type Bundle,
  type DateEntry,
  type Entry,
  type Exit,
  type JourneyDef,
  type Step,
  type Trigger,
  type WaitUntil,
  type WorkspaceDef,
} from '../../src/domain/definition.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';

/** Builds a small compiled bundle for tests of the core. The defaults block and change nothing. */
export function buildBundle(
  parts: Partial<Omit<Bundle, 'workspace'>> & { workspace?: Partial<WorkspaceDef> },
): Bundle {
  const { workspace, ...rest } = parts;
  return {
    format: BUNDLE_FORMAT,
    version: 1,
    workspace: { ...PLAIN_WORKSPACE, ...workspace },
    journeys: [],
    actions: [],
    segments: [],
    placements: [],
    attributes: {},
    group: null,
    interest: { events: [], traits: ['*'], accountEvents: [], windows: {} },
    ...rest,
  };
}

/** A workspace without rules, without holdout, and with e-mail only. */
export const PLAIN_WORKSPACE: WorkspaceDef = {
  id: 'shop',
  name: 'Shop',
  currency: 'EUR',
  timezone: 'UTC',
  locales: ['en'],
  holdout: 0,
  stages: [],
  topics: [],
  snooze: [],
  tickets: {
    suppress: ['marketing'],
    scope: 'customer',
    cooldown: 2 * DAY,
    maxAge: 30 * DAY,
    severity: {},
  },
  channels: {},
  spacing: 0,
  spread: 0,
  caps: [],
  quiet: null,
  sunset: null,
  tracking: { clicks: false, opens: false },
  personalisation: 3,
  valueHalf: 100,
  autonomy: 'rules_only',
  arbitration: { mode: 'uplift', off: [], fatigue: 0, explore: 0 },
  ideal: [],
  worth: {
    margin: 1,
    discount: 0.1,
    horizonWeeks: 52,
    weights: { future: 0.6, margin: 0.2, advocacy: 0.1, engagement: 0.1 },
    warm: 50,
    hot: 80,
  },
  guardrails: null,
  sendTime: { fallback: null, explore: 0 },
  sender: { name: 'Shop', email: 'shop@example.com' },
};

type StepPart = Step extends infer S ? (S extends Step ? Omit<S, 'next'> & { next?: string } : never) : never;

/** Builds a journey, of class service by default. Each step leads to the next one, the last to `exit`. */
export function buildJourney(
  id: string,
  enter: Entry[],
  steps: StepPart[],
  rest: Partial<JourneyDef> = {},
): JourneyDef {
  return {
    id,
    owner: 'care',
    class: 'service',
    stage: null,
    goal: null,
    holdout: 0,
    enter,
    key: null,
    reenter: 'always',
    whileOpen: 'ignore',
    exit: [exitAfter(90 * DAY)],
    limit: null,
    versions: 'follow',
    moved: {},
    steps: steps.map((step, at) => ({ next: steps[at + 1]?.id ?? 'exit', ...step }) as Step),
    activeSince: 0,
    ...rest,
  };
}

/** Builds an action: by default a service e-mail about an order, which no ticket suppresses. */
export function buildAction(id: string, rest: Partial<ActionDef> = {}): ActionDef {
  const kind = rest.class ?? 'service';
  return {
    id,
    class: kind,
    purpose: kind,
    topic: null,
    tags: [],
    product: null,
    mode: rest.task ? 'human' : 'auto',
    channels: ['email'],
    priority: 0,
    lever: 1,
    eligible: null,
    applicable: null,
    suitable: null,
    value: null,
    cost: null,
    reward: null,
    boost: [],
    inventory: null,
    variants: {},
    about: kind === 'service' ? 'order' : null,
    limit: [],
    budget: null,
    contentGroup: null,
    coupon: null,
    task: null,
    reasons: [],
    reads: [],
    ...rest,
  };
}

export function trigger(name: string, rest: Partial<Trigger> = {}): Trigger {
  return { on: name, when: null, match: 'customer', ...rest };
}

export function entryByEvent(name: string, rest: Partial<Trigger> = {}): Entry {
  return { kind: 'event', trigger: trigger(name, rest), maxAge: DAY };
}

export function entryByDate(date: string, rest: Partial<DateEntry> = {}): Entry {
  const rule = { offset: 0, at: 9 * 60, repeat: 'once', leapDay: 'feb28', grace: 6 * HOUR } as const;
  return { kind: 'date', date, ...rule, ...rest };
}

export function entryBySegment(
  segment: string,
  rest: { on?: 'enter' | 'leave'; backfill?: boolean } = {},
): Entry {
  return { kind: 'segment', segment, on: 'enter', backfill: false, ...rest };
}

export function exitOn(name: string, rest: Partial<Trigger> = {}): Exit {
  return { kind: 'event', trigger: trigger(name, rest) };
}

export function exitAfter(after: number): Exit {
  return { kind: 'after', after };
}

export function decideStep(
  id: string,
  actions: string[],
  rest: Partial<Extract<StepPart, { kind: 'decide' }>> = {},
) {
  return {
    id,
    kind: 'decide',
    actions,
    channels: null,
    deliver: 'one',
    about: null,
    hold: 7 * DAY,
    autonomy: null,
    // biome-ignore lint/suspicious/noThenProperty: the language calls it so
    then: {},
    ...rest,
  } satisfies StepPart;
}

type UntilPart = WaitUntil extends infer U
  ? U extends WaitUntil
    ? Omit<U, 'next'> & { next?: string }
    : never
  : never;

export function waitStep(id: string, until: UntilPart[], since: 'step' | 'enter' = 'step') {
  return {
    id,
    kind: 'wait',
    since,
    until: until.map((u) => ({ next: null, ...u }) as WaitUntil),
  } satisfies StepPart;
}
