import { type DataUse, readAccountTraits, readTraits } from '../../domain/customer/attribute.ts';
import type { ConditionFacts, ExpressionScope } from '../../domain/facts.ts';
import { type Instant, toDate } from '../../domain/time/time.ts';
import { dropNulls } from '../../domain/values/drop-nulls.ts';
import { CartView, EnrollmentView, EventView, OrderView, SuppressedView, TicketView } from './views.ts';

/** What all conditions over one snapshot of facts share. Each part is built when a condition first reads it. */
export class FactsView {
  readonly #facts: ConditionFacts;
  readonly #attributes = new Map<string, { now: Instant; values: Map<string, unknown> }>();
  #cart: CartView | undefined;
  #orders: OrderView[] | undefined;
  #tickets: TicketView[] | undefined;

  constructor(facts: ConditionFacts) {
    this.#facts = facts;
  }
  /** The attributes that may be read for `use`, as of `now`: attributes go stale. */
  attributes(owner: 'traits' | 'account', use: DataUse, now: Instant): Map<string, unknown> {
    const name = `${owner} ${use}`;
    const cached = this.#attributes.get(name);
    if (cached?.now === now) return cached.values;
    const read = owner === 'traits' ? readTraits : readAccountTraits;
    const values = new Map<string, unknown>();
    for (const [key, { value }] of read(this.#facts, use, now)) values.set(key, dropNulls(value));
    this.#attributes.set(name, { now, values });
    return values;
  }
  get cart(): CartView {
    this.#cart ??= new CartView(this.#facts.profile.cart);
    return this.#cart;
  }
  get orders(): OrderView[] {
    this.#orders ??= this.#facts.profile.orders.map((order) => new OrderView(order));
    return this.#orders;
  }
  get tickets(): TicketView[] {
    this.#tickets ??= this.#facts.tickets
      .filter((ticket) => ticket.status === 'open')
      .map((ticket) => new TicketView(ticket));
    return this.#tickets;
  }
}

/** The variables of one evaluation. Its property names are the variables that the environment declares. */
export class Activation {
  readonly #scope: ExpressionScope;
  readonly #facts: FactsView;
  #event: EventView | undefined;
  #enrollment: EnrollmentView | undefined;

  constructor(scope: ExpressionScope, facts: FactsView) {
    this.#scope = scope;
    this.#facts = facts;
  }
  get event() {
    this.#event ??= new EventView(this.#scope.event, this.#scope.facts.eventTypes);
    return this.#event;
  }
  get traits() {
    return this.#facts.attributes('traits', this.#scope.use, this.#scope.now);
  }
  get scores() {
    return createScoreMap(this.#scope.scores);
  }
  get account() {
    return this.#facts.attributes('account', this.#scope.use, this.#scope.now);
  }
  get cart() {
    return this.#facts.cart;
  }
  get orders() {
    return this.#facts.orders;
  }
  get tickets() {
    return this.#facts.tickets;
  }
  get suppressed() {
    return new SuppressedView(this.#scope.suppressed);
  }
  get enrollment() {
    this.#enrollment ??= new EnrollmentView(this.#scope.enrollment);
    return this.#enrollment;
  }
  get now() {
    return toDate(this.#scope.now);
  }
}

const scoreMaps = new WeakMap<ExpressionScope['scores'], Map<string, unknown>>();

/**
 * Scores are numbers, except that those whose name ends in `At` are instants. Each is read when a condition names it,
 * since some are only computed then.
 */
function createScoreMap(scores: ExpressionScope['scores']): Map<string, unknown> {
  let values = scoreMaps.get(scores);
  if (!values) {
    values = createLazyMap(scores);
    scoreMaps.set(scores, values);
  }
  return values;
}

/** cel-js recognizes a map by its class, and calls only `keys` and `get`. */
function createLazyMap(scores: ExpressionScope['scores']): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const name of Object.keys(scores)) values.set(name, undefined);
  const getCached = values.get.bind(values);
  values.get = (name) => {
    if (getCached(name) === undefined && Object.hasOwn(scores, name)) {
      const score = scores[name] as number;
      values.set(name, name.endsWith('At') ? toDate(score) : score);
    }
    return getCached(name);
  };
  return values;
}
