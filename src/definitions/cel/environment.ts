import { Environment } from '@marcbachmann/cel-js';
import { readInstantText, readNumericTime } from '../../domain/time/read-time.ts';
import { DAY, toDate } from '../../domain/time/time.ts';
import { readPattern } from './patterns.ts';
import {
  CartView,
  EnrollmentView,
  EventView,
  LocalView,
  OrderView,
  SuppressedView,
  TicketView,
} from './views.ts';

/** Implements the functions that read facts. */
export interface CelHost {
  /** How often the event happened: within the last `days`, or ever, as far as the profile counts it. */
  count(event: string, days?: number): number;
  /** Days since it last happened; undefined if it never did. */
  daysSince(event: string): number | undefined;
  /** The instant on the customer's clock and calendar. */
  local(at: Date): LocalView;
}

/** The variables of conditions. */
export const CEL_ROOTS = [
  'event',
  'traits',
  'scores',
  'account',
  'cart',
  'orders',
  'tickets',
  'suppressed',
  'enrollment',
  'now',
] as const;
export type CelRoot = (typeof CEL_ROOTS)[number];

/** The functions and methods that conditions may call, to name the one that a misspelt call means. */
export const CEL_FUNCTIONS: readonly string[] = [
  ...['count', 'daysSince', 'segment', 'local', 'days', 'duration', 'timestamp', 'matches', 'has', 'size'],
  ...['all', 'exists', 'exists_one', 'filter', 'map', 'contains', 'startsWith', 'endsWith', 'trim', 'split'],
  ...['lowerAscii', 'upperAscii', 'int', 'double', 'string', 'bool', 'type'],
];

const TIMESTAMP = 'google.protobuf.Timestamp';
const DURATION = 'google.protobuf.Duration';
const SYNC = { async: false };

/** Built-in functions that Throughline replaces. cel-js can't replace its own, so calls are renamed. */
export const REPLACED_FUNCTIONS = { timestamp: 'strictTimestamp', matches: 'boundedMatches' } as const;

const LIMITS = { limits: { maxAstNodes: 1_000, maxDepth: 60, maxListElements: 200 } };

/** Longer texts are an error. */
const MATCHED_CHARS = 1_000;

/**
 * Creates the CEL environment: the variables and functions that docs/language.md lists under Conditions. Every instant
 * is a CEL timestamp, every amount a decimal double.
 * @param properties CEL types of the event's properties, if they are known; for checking only
 */
export function createCelEnvironment(host: CelHost, properties?: Record<string, string>): Environment {
  const env = new Environment(LIMITS);
  registerTypes(env, properties);
  registerFactFunctions(env, host);
  registerFunctions(env);
  return env;
}

/** The variables of sources.yaml: what a vendor has sent. */
export const PAYLOAD_ROOTS = ['payload', 'headers'] as const;

/** Creates the CEL environment of sources.yaml. It has the functions of conditions that read no facts of a customer. */
export function createPayloadEnvironment(): Environment {
  const env = new Environment(LIMITS);
  env.registerVariable('payload', 'dyn');
  env.registerVariable('headers', 'map<string, string>');
  registerFunctions(env);
  return env;
}

/** The class of an event's properties whose types are declared. It is used for checking only, never evaluated. */
class PropertiesView {}

function registerTypes(env: Environment, properties: Record<string, string> | undefined): void {
  const text = 'string';
  const map = 'map<string, dyn>';
  if (properties) {
    env.registerType('Properties', { ctor: PropertiesView, fields: properties });
    // Numbers in data are doubles. Evaluation compares them with whole numbers, so checking must accept it.
    env.registerOperator('double == int', () => false);
    env.registerOperator('double in list<int>', () => false);
  }
  env.registerType('Event', {
    ctor: EventView,
    fields: { name: text, at: TIMESTAMP, properties: properties ? 'Properties' : map },
  });
  env.registerType('Cart', {
    ctor: CartView,
    fields: { id: text, total: 'double', currency: text, items: 'list<dyn>', at: TIMESTAMP },
  });
  env.registerType('Order', {
    ctor: OrderView,
    fields: {
      id: text,
      status: text,
      total: 'double',
      refunded: 'double',
      currency: text,
      at: TIMESTAMP,
      problem: text,
      products: 'list<string>',
    },
  });
  env.registerType('Ticket', {
    ctor: TicketView,
    fields: { id: text, source: text, severity: text, product: text, subject: text, since: TIMESTAMP },
  });
  const whole = 'int';
  env.registerType('Local', {
    ctor: LocalView,
    fields: { year: whole, month: whole, day: whole, hour: whole, minute: whole, weekday: whole, date: text },
  });
  env.registerType('Suppressed', { ctor: SuppressedView, fields: { marketing: 'bool', service: 'bool' } });
  env.registerType('Enrollment', {
    ctor: EnrollmentView,
    fields: { id: text, key: text, enteredAt: TIMESTAMP, vars: map },
  });
  const types: Record<CelRoot, string> = {
    event: 'Event',
    traits: map,
    scores: map,
    account: map,
    cart: 'Cart',
    orders: 'list<Order>',
    tickets: 'list<Ticket>',
    suppressed: 'Suppressed',
    enrollment: 'Enrollment',
    now: TIMESTAMP,
  };
  for (const root of CEL_ROOTS) env.registerVariable(root, types[root]);
}

function registerFactFunctions(env: Environment, host: CelHost): void {
  env.registerFunction('count(string): int', (name: string) => BigInt(host.count(name)), SYNC);
  const countWithin = (name: string, n: bigint | number) => BigInt(host.count(name, Number(n)));
  env.registerFunction('count(string, int): int', countWithin, SYNC);
  env.registerFunction('count(string, double): int', countWithin, SYNC);
  env.registerFunction(`local(${TIMESTAMP}): Local`, (at: Date) => host.local(at), SYNC);
  // Declared for checking. Compiling a bundle replaces each call by the segment's condition.
  env.registerFunction(
    'segment(string): bool',
    (id: string) => {
      throw new Error(
        `segment('${id}') can't be evaluated: applying a bundle replaces it by the segment's condition`,
      );
    },
    SYNC,
  );
  env.registerFunction(
    'daysSince(string): double',
    (name: string) => {
      const since = host.daysSince(name);
      if (since === undefined) throw new Error(`'${name}' never happened`);
      return since;
    },
    SYNC,
  );
}

function registerFunctions(env: Environment): void {
  // cel-js doesn't export the class Duration.
  const Duration = env.evaluate('duration("0s")').constructor as new (seconds: bigint) => unknown;
  const days = (n: number) => new Duration(BigInt(Math.round((n * DAY) / 1_000)));

  env.registerFunction(`days(int): ${DURATION}`, (n: bigint) => days(Number(n)), SYNC);
  env.registerFunction(`days(double): ${DURATION}`, days, SYNC);

  // cel-js reads a text without an offset in the machine's zone, and milliseconds as seconds: the same condition could give different results (I7).
  const strict = REPLACED_FUNCTIONS.timestamp;
  env.registerFunction(`${strict}(string): ${TIMESTAMP}`, parseInstant, SYNC);
  env.registerFunction(`${strict}(int): ${TIMESTAMP}`, (n: bigint) => readNumber(Number(n)), SYNC);
  env.registerFunction(`${strict}(double): ${TIMESTAMP}`, readNumber, SYNC);
  env.registerFunction(
    `string.${REPLACED_FUNCTIONS.matches}(string): bool`,
    (value: string, pattern: string) => {
      if (value.length > MATCHED_CHARS)
        throw new Error(`matches() accepts at most ${MATCHED_CHARS} characters`);
      const read = readPattern(pattern);
      if (!read.ok) throw new Error(`matches(): ${read.message}`);
      return read.pattern.matches(value);
    },
    SYNC,
  );
}

/**
 * Reads ISO 8601 (without an offset: UTC), or seconds or milliseconds since 1970.
 * @throws Error for anything else, and for days that no calendar has
 */
export function parseInstant(value: string): Date {
  const reading = readInstantText(value);
  if (reading.kind === 'instant') return toDate(reading.at);
  if (reading.kind === 'no_such_day') throw new Error(`there is no such date: ${value.slice(0, 10)}`);
  throw new Error(`timestamp() needs RFC 3339 or a date, got '${value.slice(0, 40)}'`);
}

function readNumber(value: number): Date {
  const at = readNumericTime(value);
  if (at === undefined) throw new Error('timestamp() out of range');
  return toDate(at);
}
