import type { Fault } from './fault.ts';

const SECOND = 1_000;

/** Faults of those who send. */
export const senderFaults: Fault[] = [
  { kind: 'duplicates', number: '11', tries: 0, spreadMs: 12 * SECOND, style: { copies: 8 } },
  { kind: 'out of order', number: '12', tries: 0, spreadMs: 8 * SECOND, style: { shuffled: true } },
  {
    kind: 'client clocks wrong',
    number: '13',
    tries: 0,
    spreadMs: 10 * SECOND,
    style: { clockErrorMs: 3_600_000 },
  },
];
