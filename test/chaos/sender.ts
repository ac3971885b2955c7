import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Random } from './random.ts';
import type { Person, SaidCommand, SaidEvent, Step } from './said.ts';

/** How events are sent. Commands are always sent once, in order. */
export interface SendingStyle {
  /** Each event is sent so often, at the same time. */
  copies?: number;
  /** Events are sent all at once and in any order, with the times of the order in which they happened. */
  shuffled?: boolean;
  /** The client's clock is wrong by up to so many milliseconds, another for each customer. */
  clockErrorMs?: number;
}

/** Where to send. `urls` may change while histories are sent. */
export interface Target {
  urls(): string[];
  writeKey: string;
  apiKey: string;
}

export interface Sending {
  /** Resolves when every step was acknowledged, refused, or given up. */
  done: Promise<void>;
  /** Stops repeating what was not acknowledged. */
  giveUp(): void;
  /** How many requests are not acknowledged yet, of those that were sent. */
  waiting(): number;
}

const TIMEOUT_MS = 8_000;
const FIRST_PAUSE_MS = 150;
const LONGEST_PAUSE_MS = 2_000;

/** Sends histories as Segment's libraries do: each message is repeated under its id until it is acknowledged. */
export function sendHistories(
  people: Person[],
  target: Target,
  style: SendingStyle,
  random: Random,
): Sending {
  const given = new AbortController();
  setMaxListeners(0, given.signal);
  const began = Date.now();
  let waiting = 0;
  const send = async (step: Step, clockErrorMs: number) => {
    waiting++;
    step.at ??= Date.now() + clockErrorMs;
    const once = () => repeat(step, target, clockErrorMs, given.signal);
    const copies = step.said.kind === 'event' ? (style.copies ?? 1) : 1;
    await Promise.all(Array.from({ length: copies }, once));
    waiting--;
  };
  const live = async (person: Person) => {
    const clockErrorMs = Math.round((style.clockErrorMs ?? 0) * (random.fork(person.userId).next() * 2 - 1));
    const steps = style.shuffled ? await sendShuffled(person) : person.steps;
    for (const step of steps) {
      const wait = began + step.due - Date.now();
      if (wait > 0) await sleep(wait, undefined, { signal: given.signal }).catch(() => {});
      if (given.signal.aborted) return;
      await send(step, clockErrorMs);
    }
  };
  /** Sends the events of a history out of order. Returns the commands, which follow in order. */
  const sendShuffled = async (person: Person) => {
    const events = person.steps.filter(({ said }) => said.kind === 'event');
    for (const [index, step] of events.entries()) step.at = began - 60_000 + index * 1_000;
    const own = random.fork(person.userId);
    await Promise.all(
      own.shuffle(events).map(async (step) => {
        await sleep(own.between(0, 3_000));
        await send(step, 0);
      }),
    );
    return person.steps.filter(({ said }) => said.kind === 'command');
  };
  return {
    done: Promise.all(people.map(live)).then(() => {}),
    giveUp: () => given.abort(),
    waiting: () => waiting,
  };
}

/** Sends a step until it is acknowledged or refused, or until `signal` is aborted. */
async function repeat(step: Step, target: Target, clockErrorMs: number, signal: AbortSignal): Promise<void> {
  for (let pause = FIRST_PAUSE_MS, turn = 0; !signal.aborted; turn++) {
    const urls = target.urls();
    const url = urls[turn % Math.max(urls.length, 1)];
    const answer = url === undefined ? null : await request(step, url, target, clockErrorMs, signal);
    if (answer !== null && answer.status < 300) {
      step.acknowledged = true;
      return;
    }
    if (answer !== null && !mayRepeat(answer)) {
      step.refused = `${answer.status} ${answer.text.slice(0, 300)}`;
      return;
    }
    await sleep(pause, undefined, { signal }).catch(() => {});
    pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
  }
}

interface Answer {
  status: number;
  text: string;
}

function mayRepeat({ status, text }: Answer): boolean {
  return status >= 500 || status === 429 || (status === 409 && text.includes('in_flight'));
}

/** One attempt. Null: no answer, or not all of it. */
async function request(
  step: Step,
  url: string,
  target: Target,
  clockErrorMs: number,
  signal: AbortSignal,
): Promise<Answer | null> {
  const { path, ...init } =
    step.said.kind === 'event'
      ? buildEventRequest(step.said, step.at ?? 0, target.writeKey, clockErrorMs)
      : buildCommandRequest(step.said, target.apiKey);
  try {
    const answer = await fetch(`${url}${path}`, {
      ...init,
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    return { status: answer.status, text: await answer.text() };
  } catch {
    return null;
  }
}

function buildEventRequest(said: SaidEvent, at: number, writeKey: string, clockErrorMs: number) {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    path: `/v1/${said.call}`,
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${writeKey}:`).toString('base64')}`,
      'content-type': 'application/json',
    },
    body: JSON.stringify({
      ...said.body,
      messageId: said.id,
      timestamp: time(at),
      sentAt: time(Date.now() + clockErrorMs),
    }),
  };
}

function buildCommandRequest(said: SaidCommand, apiKey: string) {
  return {
    path: said.path,
    method: said.method,
    headers: {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'idempotency-key': said.id,
    },
    body: JSON.stringify(said.body),
  };
}
