import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { LiveConnection, type LiveState } from '../../console/src/api/live-connection.ts';

/** Stands in for the browser's `EventSource`. */
class Source extends EventTarget {
  static opened: Source[] = [];
  readyState = 0;
  url: string;
  constructor(url: string) {
    super();
    this.url = url;
    Source.opened.push(this);
  }
  say(name: string) {
    this.readyState = 1;
    this.dispatchEvent(new Event(name));
  }
  refuse() {
    this.readyState = 2;
    this.dispatchEvent(new Event('error'));
  }
  close() {
    this.readyState = 2;
  }
}

let states: LiveState[];
let changes: number;
let connection: LiveConnection;
const last = () => Source.opened.at(-1) as Source;

function connect(onChange: () => Promise<unknown> = async () => changes++): LiveConnection {
  const createSource = (url: string) => new Source(url) as unknown as EventSource;
  return new LiveConnection({
    url: '/v1/stream',
    onChange,
    onState: (state) => states.push(state),
    createSource,
  });
}

beforeEach(() => {
  vi.useFakeTimers();
  Source.opened = [];
  states = [];
  changes = 0;
  connection = connect();
});
afterEach(() => {
  connection.close();
  vi.useRealTimers();
});

test('asks again after hello and after changes, which it gathers', async () => {
  last().say('hello');
  await vi.advanceTimersByTimeAsync(1_000);
  expect([states, changes]).toEqual([['connecting', 'live'], 1]);
  for (let n = 0; n < 10; n++) last().say('changed');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(changes).toBe(2);
});

test('never asks twice at once, and once more for what has changed meanwhile', async () => {
  connection.close();
  const answers: (() => void)[] = [];
  connection = connect(() => new Promise<void>((resolve) => answers.push(resolve)));
  last().say('changed');
  await vi.advanceTimersByTimeAsync(500);
  last().say('changed');
  await vi.advanceTimersByTimeAsync(5_000);
  expect(answers).toHaveLength(1);
  answers[0]?.();
  await vi.advanceTimersByTimeAsync(500);
  expect(answers).toHaveLength(2);
});

test('comes again after a refusal, later each time, and soon after it was live', async () => {
  for (const pause of [1_000, 2_000, 4_000]) {
    const { length } = Source.opened;
    last().refuse();
    await vi.advanceTimersByTimeAsync(pause - 1);
    expect(Source.opened).toHaveLength(length);
    await vi.advanceTimersByTimeAsync(1);
    expect(Source.opened).toHaveLength(length + 1);
  }
  last().say('hello');
  last().refuse();
  expect(states.at(-1)).toBe('reconnecting');
  await vi.advanceTimersByTimeAsync(1_000);
  last().say('hello');
  expect(states.at(-1)).toBe('live');
});

test('rests while nobody sees the page', async () => {
  last().say('hello');
  connection.pause();
  expect(last().readyState).toBe(2);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(Source.opened).toHaveLength(1);
  connection.resume();
  expect(Source.opened).toHaveLength(2);
});

test('a page has one connection: a second one takes its place', () => {
  const [first] = Source.opened;
  const second = connect();
  expect([first?.readyState, Source.opened.length]).toEqual([2, 2]);
  second.close();
});
