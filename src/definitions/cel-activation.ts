import type { Facts, Scope } from '../domain/context.ts';
import { trait } from '../domain/profile.ts';
import { CartView, EnrollmentView, EventView, OrderView, SuppressedView, TicketView } from './cel-views.ts';

/** What is the same for every condition over one snapshot of facts, built on first use. */
export class FactsView {
  readonly #facts: Facts;
  #traits: Map<string, unknown> | undefined;
  #cart: CartView | undefined;
  #orders: OrderView[] | undefined;
  #tickets: TicketView[] | undefined;

  constructor(facts: Facts) {
    this.#facts = facts;
  }
  get traits(): Map<string, unknown> {
    this.#traits ??= new Map(
      Object.keys(this.#facts.profile.traits).map((key) => [key, trait(this.#facts.profile, key)]),
    );
    return this.#traits;
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

/** The variables of one evaluation. Its property names are the roots that the environment declares. */
export class Activation {
  readonly #scope: Scope;
  readonly #facts: FactsView;
  #event: EventView | undefined;

  constructor(scope: Scope, facts: FactsView) {
    this.#scope = scope;
    this.#facts = facts;
  }
  get event() {
    this.#event ??= new EventView(this.#scope.event);
    return this.#event;
  }
  get traits() {
    return this.#facts.traits;
  }
  get scores() {
    return this.#scope.scores;
  }
  get account() {
    return {};
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
    return new EnrollmentView(this.#scope.enrollment);
  }
  get now() {
    return new Date(this.#scope.now);
  }
}
