import type { Bundle } from '../domain/definition.ts';
import { readTime } from '../domain/time/read-time.ts';
import { type Instant, toDate } from '../domain/time/time.ts';
import { Life } from './life.ts';

/** An event, as a backend sends it with `track`. */
export interface SimulatedEvent {
  event: string;
  properties?: Record<string, unknown>;
  /** Traits, consents and the like: `{ traits: { email: 'ada@example.com' } }`. */
  context?: Record<string, unknown>;
}

export interface SimulationOptions {
  /** When it begins, as ISO 8601. By default a Monday morning. */
  start?: string;
  /** The customer's time zone. By default the bundle's. */
  timeZone?: string;
  /** By default no customer is a control and nothing is explored, so that a test sees the journeys themselves. */
  experiments?: boolean;
}

/** A message that the customer has got. */
export interface SentMessage {
  action: string;
  channel: string;
  /** ISO 8601. */
  at: string;
}

/** A task that waits for a person. */
export interface OpenTask {
  action: string;
  queue: string;
  at: string;
}

/** Where the customer is in a journey. */
export interface SimulatedEnrollment {
  journey: string;
  key: string | null;
  step: string;
  /** Such as `running` or `held`. */
  status: string;
}

const MONDAY = '2026-01-05T09:00:00Z';

/**
 * One customer in memory, decided for by the code of production, without servers: months take milliseconds. Messages
 * leave at the moment at which they are due.
 */
export class SimulatedCustomer {
  readonly #life: Life;

  constructor(bundle: Bundle, options: SimulationOptions = {}) {
    const start = readTime(options.start ?? MONDAY);
    if (typeof start !== 'number') throw new Error(`start is "${options.start}": write ISO 8601`);
    this.#life = new Life(options.experiments ? bundle : withoutExperiments(bundle), start);
    this.#life.zoneName = options.timeZone ?? bundle.workspace.timezone;
  }

  /** The clock of the simulation, as ISO 8601. */
  get now(): string {
    return format(this.#life.now);
  }

  /** The messages that were sent, oldest first. */
  get messages(): SentMessage[] {
    return this.#life.deliveries
      .filter(({ state }) => state === 'sent')
      .map(({ action, channel, at }) => ({ action, channel, at: format(at) }));
  }

  /** The tasks that wait for a person. */
  get tasks(): OpenTask[] {
    return this.#life.tasks
      .filter(({ state }) => state === 'open')
      .map(({ action, queue, at }) => ({ action, queue, at: format(at) }));
  }

  /** The journeys that the customer is in. */
  get enrollments(): SimulatedEnrollment[] {
    return this.#life.state.enrollments.map(({ journey, key, step, status }) => ({
      journey,
      key,
      step,
      status: status.kind,
    }));
  }

  /** Receives events, and decides at once, with everything that follows. */
  track(...events: SimulatedEvent[]): void {
    this.#life.acceptAndDecide(...events.map(({ event, ...rest }) => ({ name: event, ...rest })));
  }

  /** Lets this many milliseconds pass, and decides whenever a journey has something to do. */
  passTime(ms: number): void {
    this.#life.passTime(ms);
  }

  /** Activates an edited bundle. */
  activate(bundle: Bundle): void {
    this.#life.activate(bundle);
  }
}

function format(at: Instant): string {
  return toDate(at).toISOString();
}

function withoutExperiments(bundle: Bundle): Bundle {
  const { workspace } = bundle;
  return {
    ...bundle,
    workspace: {
      ...workspace,
      holdout: 0,
      arbitration: { ...workspace.arbitration, explore: 0 },
      sendTime: { ...workspace.sendTime, explore: 0 },
    },
    journeys: bundle.journeys.map((journey) => ({ ...journey, holdout: 0 })),
  };
}
