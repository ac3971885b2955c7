import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  type ConsentCell,
  computeStatements,
  formatCellName,
  isGranted,
} from '../../../src/api/pages/choices.ts';
import { type Consent, PREFERENCE_PAGE_SOURCE } from '../../../src/domain/customer/consent.ts';

const TOPICS = ['tips', 'offers'];
const CHANNELS = ['email', 'sms'];
const CELLS: ConsentCell[] = TOPICS.flatMap((topic) =>
  CHANNELS.map((channel) => ({ purpose: 'marketing', channel, topic })),
);

const statement = fc.record({
  purpose: fc.constantFrom('marketing', 'profiling'),
  channel: fc.constantFrom('*', 'agent_desk', ...CHANNELS),
  topic: fc.constantFrom('*', ...TOPICS),
  status: fc.constantFrom('granted' as const, 'withdrawn' as const),
  at: fc.integer({ min: 0, max: 5 }),
});

/** In the order of the log, which may differ from the times of the sender. */
const history = fc
  .array(statement, { maxLength: 8 })
  .map((all): Consent[] => all.map((one, i) => ({ ...one, source: 'test', seq: i + 1 })));

function after(consents: Consent[], wanted: ReadonlySet<string>): Consent[] {
  const said = computeStatements(CELLS, wanted, consents);
  return [
    ...consents,
    ...said.map((one, i) => ({ ...one, source: PREFERENCE_PAGE_SOURCE, at: 10, seq: 100 + i })),
  ];
}

it('E-5: for any earlier statements exactly the ticked boxes are granted; saving again adds no statement', () => {
  fc.assert(
    fc.property(history, fc.subarray(CELLS), (consents, ticked) => {
      const wanted = new Set(ticked.map(formatCellName));
      const now = after(consents, wanted);
      for (const cell of CELLS)
        expect([formatCellName(cell), isGranted(now, cell)]).toEqual([
          formatCellName(cell),
          wanted.has(formatCellName(cell)),
        ]);
      expect(computeStatements(CELLS, wanted, now)).toEqual([]);
    }),
    { numRuns: 2_000 },
  );
});

it('E-5: a choice does not change other purposes, or channels without a box', () => {
  fc.assert(
    fc.property(history, fc.subarray(CELLS), (consents, ticked) => {
      const now = after(consents, new Set(ticked.map(formatCellName)));
      const calls = { purpose: 'marketing', channel: 'agent_desk', topic: 'tips' };
      if (!isGranted(consents, calls)) expect(isGranted(now, calls)).toBe(false);
      const other = { purpose: 'profiling', channel: 'email', topic: 'tips' };
      expect(isGranted(now, other)).toBe(isGranted(consents, other));
    }),
    { numRuns: 2_000 },
  );
});

it('E-5: after stopping everything a ticked box grants only itself, also for new topics', () => {
  const stopped: Consent = {
    purpose: 'marketing',
    channel: '*',
    topic: '*',
    status: 'withdrawn',
    source: 's',
    at: 1,
    seq: 1,
  };
  const [tips] = CELLS as [ConsentCell];
  const now = after([stopped], new Set([formatCellName(tips)]));
  expect(isGranted(now, tips)).toBe(true);
  for (const channel of ['email', 'sms', 'agent_desk'])
    for (const topic of ['tips', 'a-topic-to-come'])
      expect([channel, topic, isGranted(now, { purpose: 'marketing', channel, topic })]).toEqual([
        channel,
        topic,
        channel === tips.channel && topic === tips.topic,
      ]);
});
