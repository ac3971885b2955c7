import type { Random } from './random.ts';
import type { Meaning, Person, SaidCommand, SaidEvent, Step } from './said.ts';

export interface HistoryOptions {
  /** Prefix of every id, so that no two groups of customers meet. */
  prefix: string;
  customers: number;
  /** The steps of a history are spread over so many milliseconds. */
  spreadMs: number;
}

/** Makes up the histories of customers. The same stream of random choices gives the same histories. */
export function writeHistories(random: Random, options: HistoryOptions): Person[] {
  return Array.from({ length: options.customers }, (_, i) =>
    new HistoryWriter(random.fork(`${options.prefix}-${i}`), `${options.prefix}-${i}`).write(
      options.spreadMs,
    ),
  );
}

/** A moment after an offer was asked for, in which its marketing is about to leave. */
const RACE_MS = 300;

class HistoryWriter {
  private readonly random: Random;
  private readonly userId: string;
  private readonly email: string;
  private readonly steps: Step[] = [];
  private readonly openTickets: string[] = [];
  private isPaused = false;
  /** What the shop has said last about consent: the same again would be a repetition, and no statement. */
  private saidByShop: 'granted' | 'withdrawn' | null = null;
  private count = 0;

  constructor(random: Random, userId: string) {
    this.random = random;
    this.userId = userId;
    this.email = `${userId}@example.com`;
  }

  write(spreadMs: number): Person {
    const { random } = this;
    const anonymousId = random.chance(0.2) ? `visitor-${this.userId}` : null;
    const moments = Array.from({ length: random.between(4, 8) }, () => random.between(0, spreadMs)).sort(
      (a, b) => a - b,
    );
    if (anonymousId) this.visit(moments[0] ?? 0, anonymousId);
    this.openAccount(moments[0] ?? 0);
    // Whether the visitor becomes known early or late.
    const knownAt = anonymousId ? random.between(1, moments.length - 1) : -1;
    for (const [index, due] of moments.entries()) {
      if (index === knownAt && anonymousId) this.alias(due, anonymousId);
      if (index > 0) this.act(due);
    }
    return { userId: this.userId, anonymousId, email: this.email, steps: this.steps };
  }

  private act(due: number): void {
    const { random } = this;
    const draw = random.next();
    if (draw < 0.3) this.askForOffer(due);
    else if (draw < 0.5) this.order(due);
    else if (draw < 0.65) this.closeOrOpenTicket(due);
    else if (draw < 0.75) this.changeConsent(due);
    else if (draw < 0.85) this.pauseOrResume(due);
    else if (draw < 0.88) this.snooze(due);
    else this.behave(due);
  }

  /** An offer, and often something within a moment that forbids it. */
  private askForOffer(due: number): void {
    this.track(due, 'Offer Asked', { offer_id: this.newId('offer') });
    if (!this.random.chance(0.6)) return;
    const soon = due + this.random.between(0, RACE_MS);
    const silence = this.random.pick(['ticket', 'ticket', 'consent', 'pause', 'snooze']);
    if (silence === 'ticket') this.openTicket(soon);
    else if (silence === 'consent') this.withdraw(soon);
    else if (silence === 'pause') this.pause(soon);
    else this.snooze(soon);
  }

  private visit(due: number, anonymousId: string): void {
    for (let n = this.random.between(1, 2); n > 0; n--)
      this.event(due, 'track', {
        anonymousId,
        event: 'Product Viewed',
        properties: { product_id: 'grinder' },
      });
    if (this.random.chance(0.5))
      this.event(due, 'track', {
        anonymousId,
        event: 'Offer Asked',
        properties: { offer_id: this.newId('offer') },
      });
  }

  private alias(due: number, anonymousId: string): void {
    if (this.random.chance(0.5))
      this.event(due, 'alias', { userId: this.userId, previousId: anonymousId, context: {} });
    else this.event(due, 'identify', { userId: this.userId, anonymousId, traits: { email: this.email } });
  }

  private openAccount(due: number): void {
    const granted = this.random.chance(0.85);
    if (granted) this.saidByShop = 'granted';
    const phone = this.random.chance(0.6) ? { phone: `+49151${this.newNumber()}` } : {};
    const context = {
      traits: { email: this.email, ...phone },
      ...(granted ? { consent: { categoryPreferences: { marketing: true } } } : {}),
    };
    this.event(
      due,
      'track',
      { userId: this.userId, event: 'Account Created', properties: {}, context },
      granted ? { type: 'consent', channel: '*', status: 'granted' } : { type: 'other' },
    );
  }

  private order(due: number): void {
    const orderId = this.newId('order');
    const products = this.random.chance(0.5) ? [{ product_id: 'espresso-machine' }] : [];
    const total = this.random.between(10, 400);
    this.track(due, 'Order Completed', { order_id: orderId, total, products }, { type: 'order', orderId });
  }

  private closeOrOpenTicket(due: number): void {
    const ticketId = this.random.chance(0.6) ? this.openTickets.shift() : undefined;
    if (ticketId === undefined) return this.openTicket(due);
    const fault = this.random.chance(0.4) ? { fault: 'ours' } : {};
    this.track(due, 'Ticket Closed', { ticket_id: ticketId, ...fault }, { type: 'ticket closed', ticketId });
  }

  private openTicket(due: number): void {
    const ticketId = this.newId('ticket');
    const severity = this.random.chance(0.6) ? 'minor' : 'high';
    this.openTickets.push(ticketId);
    this.track(
      due,
      'Ticket Opened',
      { ticket_id: ticketId, subject: 'It leaks', severity },
      { type: 'ticket opened', ticketId },
    );
  }

  private changeConsent(due: number): void {
    if (this.random.chance(0.5)) return this.withdraw(due);
    this.stateConsent(due, '*', 'granted');
  }

  private withdraw(due: number): void {
    if (this.random.chance(0.4) || this.saidByShop === 'withdrawn')
      return this.stateConsent(due, this.random.pick(['*', 'email', 'sms']), 'withdrawn');
    this.saidByShop = 'withdrawn';
    this.track(
      due,
      'Consent Changed',
      { purpose: 'marketing', status: 'withdrawn' },
      { type: 'consent', channel: '*', status: 'withdrawn' },
    );
  }

  private stateConsent(due: number, channel: string, status: 'granted' | 'withdrawn'): void {
    const consents = [{ purpose: 'marketing', channel, status, source: 'call_centre' }];
    this.command(due, 'PUT', 'consents', { consents }, { type: 'consent', channel, status });
  }

  private pauseOrResume(due: number): void {
    if (!this.isPaused) return this.pause(due);
    this.isPaused = false;
    this.command(due, 'POST', 'resume', {}, { type: 'resumed' });
  }

  private pause(due: number): void {
    this.isPaused = true;
    this.command(due, 'POST', 'pause', {}, { type: 'paused' });
  }

  private snooze(due: number): void {
    this.command(due, 'POST', 'snooze', { duration: '7d' }, { type: 'snoozed' });
  }

  private behave(due: number): void {
    const { random } = this;
    if (random.chance(0.3))
      return this.event(due, 'page', { userId: this.userId, name: 'Coffee', properties: {} });
    const question = { question_id: this.newId('question'), text: 'When does it come?' };
    const payment = { order_id: this.newId('basket'), value: 40, reason: 'card_declined' };
    random.chance(0.5)
      ? this.track(due, 'Question Asked', question)
      : this.track(due, 'Payment Failed', payment);
  }

  private track(
    due: number,
    event: string,
    properties: Record<string, unknown>,
    meaning: Meaning = { type: 'other' },
  ): void {
    const context = { traits: { email: this.email } };
    this.event(due, 'track', { userId: this.userId, event, properties, context }, meaning);
  }

  private event(
    due: number,
    call: SaidEvent['call'],
    body: Record<string, unknown>,
    meaning: Meaning = { type: 'other' },
  ): void {
    this.add(due, { kind: 'event', id: this.newId('message'), call, body }, meaning);
  }

  private command(
    due: number,
    method: SaidCommand['method'],
    path: string,
    body: Record<string, unknown>,
    meaning: Meaning,
  ): void {
    const id = this.newId('command');
    const wait = this.random.chance(0.3);
    const said: SaidCommand = {
      kind: 'command',
      id,
      method,
      path: `/v1/customers/user:${this.userId}/${path}`,
      body: { ...body, reason: id, actor: 'kim', wait },
    };
    this.add(due, said, meaning);
  }

  private add(due: number, said: Step['said'], meaning: Meaning): void {
    this.steps.push({ due, said, meaning });
  }

  private newId(kind: string): string {
    return `${this.userId}-${kind}-${this.count++}`;
  }

  private newNumber(): string {
    return String(this.random.between(1_000_000, 9_999_999));
  }
}
