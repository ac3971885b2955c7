import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addReceipt,
  DELIVERY_STAGES,
  MARKS_OF_ARRIVAL,
  markOf,
  RECEIPT_KINDS,
  RECEIPT_MARKS,
  type Receipt,
  type ReceiptKind,
  type ReceiptTimes,
  readArrival,
  readStage,
} from '../../src/domain/receipt.ts';

const receipts = fc.array(
  fc.record({
    kind: fc.constantFrom(...RECEIPT_KINDS),
    at: fc.integer({ min: 1, max: 50 }),
    automatic: fc.boolean(),
    permanent: fc.boolean(),
  }),
  { maxLength: 12 },
);

test('neither the order of receipts nor their repetition changes what a delivery remembers', () => {
  const cases = receipts.chain((list) =>
    fc.tuple(
      fc.constant(list),
      fc.shuffledSubarray([...list, ...list], { minLength: list.length * 2, maxLength: list.length * 2 }),
    ),
  );
  fc.assert(
    fc.property(cases, ([list, shuffled]) => {
      expect(fold(shuffled)).toEqual(fold(list));
    }),
  );
});

test('a further receipt never lowers the stage, and never makes a time later', () => {
  fc.assert(
    fc.property(receipts, (list) => {
      let times: ReceiptTimes = {};
      for (const each of list) {
        const next = addReceipt(times, toReceipt(each));
        expect(rank(next)).toBeGreaterThanOrEqual(rank(times));
        for (const mark of RECEIPT_MARKS)
          expect(next[mark] ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(
            times[mark] ?? Number.POSITIVE_INFINITY,
          );
        times = next;
      }
    }),
  );
});

test('a bounce after a delivery, an open after a temporary bounce, a complaint after a click', () => {
  expect(
    readStage(
      fold([
        { kind: 'bounced', at: 1 },
        { kind: 'delivered', at: 2 },
      ]),
    ),
  ).toBe('delivered');
  const late = [
    { kind: 'delivered', at: 1 },
    { kind: 'bounced', permanent: true, at: 2 },
  ] as const;
  expect(readStage(fold(late))).toBe('bounced_permanently');
  expect(
    readStage(
      fold([
        { kind: 'complained', at: 3 },
        { kind: 'clicked', at: 2 },
      ]),
    ),
  ).toBe('complained');
  expect(readStage({})).toBeNull();
});

test('an open or a click shows that the message arrived, an automatic one no more than that', () => {
  const scanned = fold([
    { kind: 'clicked', automatic: true, at: 5 },
    { kind: 'opened', automatic: true, at: 4 },
  ]);
  expect([readStage(scanned), readArrival(scanned)]).toEqual(['delivered', 4]);
  expect(
    readArrival(
      fold([
        { kind: 'clicked', at: 7 },
        { kind: 'delivered', at: 9 },
      ]),
    ),
  ).toBe(7);
  expect(readArrival(fold([{ kind: 'bounced', permanent: true, at: 1 }]))).toBeNull();
  expect(MARKS_OF_ARRIVAL).not.toContain('bounced');
});

type Reported = { kind: ReceiptKind; at: number } & Partial<Receipt>;

function toReceipt(reported: Reported): Receipt {
  return {
    channel: 'email',
    deliveryId: 'dlv_1',
    providerId: null,
    id: `${markOf(reported as Receipt)}`,
    ...reported,
  };
}

function fold(reported: readonly Reported[]): ReceiptTimes {
  return reported.map(toReceipt).reduce(addReceipt, {});
}

function rank(times: ReceiptTimes): number {
  const stage = readStage(times);
  return stage === null ? -1 : DELIVERY_STAGES.indexOf(stage);
}
