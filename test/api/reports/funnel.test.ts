import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JudgedCandidate } from '../../../src/domain/candidate.ts';
import { DAY } from '../../../src/domain/time/time.ts';
import { startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { seed, wipe } from '../support/report-rows.ts';

const FIRST = Date.UTC(2026, 2, 1);
const URL = '/v1/reports/funnel?from=2026-03-01&to=2026-04-01';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const anyGate = fc.record({
  gate: fc.constantFrom('eligibility', 'suitability', 'caps', 'suppression'),
  pass: fc.boolean(),
  code: fc.constantFrom('first', 'second'),
});

const anyCandidate: fc.Arbitrary<JudgedCandidate> = fc
  .record({
    enrollmentId: fc.constantFrom('enr_tips', 'enr_gone', 'realtime'),
    action: fc.constantFrom('tip', 'offer', '__proto__'),
    gates: fc.array(anyGate, { maxLength: 4 }),
    free: fc.constantFrom('chosen' as const, 'outranked' as const, 'allowed' as const),
  })
  .map(({ free, gates, ...item }) => ({
    ...item,
    gates,
    verdict: gates.every(({ pass }) => pass) ? free : ('blocked' as const),
    class: 'marketing' as const,
    channel: 'email',
    score: 0,
    propensity: 0,
  }));

const anyDecision = fc.record({
  day: fc.integer({ min: -1, max: 3 }),
  replayable: fc.boolean(),
  sent: fc.boolean(),
  candidates: fc.array(anyCandidate, { maxLength: 5 }),
});

test('funnel: how far candidates got equals a count over the rows, for all and for one action and journey', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyDecision, { maxLength: 20 }),
      fc.constantFrom({}, { action: 'tip' }, { journey: 'tips' }, { action: '__proto__', journey: 'tips' }),
      async (decisions, filter: { action?: string; journey?: string }) => {
        await wipe(api.db);
        const rows = decisions.map((decision, n) => ({
          ...decision,
          id: `dec_${n}`,
          at: FIRST + decision.day * DAY + n,
        }));
        await seed(api.db, WORKSPACE, {
          enrollments: [
            { id: 'enr_tips', customer_id: 'cus_1', journey: 'tips', arm: 'treated', entered_at: FIRST },
            { id: 'enr_gone', customer_id: 'cus_1', journey: 'gone', arm: 'treated', entered_at: FIRST },
          ],
          decisions: rows.map(({ id, at, replayable, candidates }) => ({
            id,
            customer_id: 'cus_1',
            at,
            replayable,
            candidates,
          })),
          deliveries: rows.flatMap(({ id, at, sent, candidates }) =>
            candidates
              .filter(({ verdict }) => verdict === 'chosen')
              .map(({ action }) => ({
                customer_id: 'cus_1',
                decision_id: id,
                action,
                channel: 'email',
                at,
                state: sent ? 'sent' : 'held',
              })),
          ),
        });
        const query = new URLSearchParams(filter).toString();
        const { status, body } = await api.get(`${URL}&${query}`);
        expect(status, JSON.stringify(body)).toBe(200);
        const listed = rows.filter(({ day, candidates }) => day >= 0 && candidates.length > 0);
        expect(body.decisions).toEqual({ total: listed.length, examined: listed.length, sampled: false });
        const isWanted = ({ action, enrollmentId }: JudgedCandidate) =>
          (filter.action === undefined || filter.action === action) &&
          (filter.journey === undefined || enrollmentId === `enr_${filter.journey}`);
        for (let day = 0; day <= 3; day++) {
          const date = new Date(FIRST + day * DAY).toISOString().slice(0, 10);
          const ofDay = listed.filter((row) => row.day === day);
          const candidates = ofDay.flatMap((row) =>
            row.candidates.filter(isWanted).map((candidate) => ({ ...candidate, sent: row.sent })),
          );
          const found = body.days.find((item: { day: string }) => item.day === date);
          if (candidates.length === 0) {
            expect(found).toBeUndefined();
            continue;
          }
          const failing = ({ gates }: JudgedCandidate) => gates.filter(({ pass }) => !pass);
          const chosen = candidates.filter(({ verdict }) => verdict === 'chosen');
          expect(found).toMatchObject({
            decisions: ofDay.filter((row) => row.candidates.some(isWanted)).length,
            candidates: candidates.length,
            eligible: candidates.filter((item) => !failing(item).some(({ gate }) => gate.endsWith('bility')))
              .length,
            ranked: candidates.filter((item) => failing(item).length === 0).length,
            chosen: chosen.length,
          });
          const blocked = found.blocked as { gate: string; code: string; candidates: number }[];
          for (const { gate, code, candidates: count } of blocked)
            expect(count).toBe(
              candidates.filter((item) => failing(item).some((v) => v.gate === gate && v.code === code))
                .length,
            );
        }
      },
    ),
    { numRuns: 25 },
  );
});

test('funnel: what was sent counts by the day of its decision, and other workspaces are not read', async () => {
  await wipe(api.db);
  const candidate = { enrollmentId: 'enr_1', action: 'tip', channel: 'email', verdict: 'chosen', gates: [] };
  await seed(api.db, WORKSPACE, {
    decisions: [
      { id: 'dec_1', customer_id: 'cus_1', at: FIRST, replayable: true, candidates: [candidate] },
      { id: 'dec_2', customer_id: 'cus_1', at: FIRST, replayable: true, candidates: [candidate] },
    ],
    deliveries: [
      { customer_id: 'cus_1', decision_id: 'dec_1', action: 'tip', channel: 'email', at: FIRST + 2 * DAY },
      {
        customer_id: 'cus_1',
        decision_id: 'dec_2',
        action: 'tip',
        channel: 'email',
        at: FIRST,
        state: 'cancelled',
      },
    ],
  });
  const { body } = await api.get(URL);
  expect(body.days).toEqual([
    {
      day: '2026-03-01',
      decisions: 2,
      candidates: 2,
      eligible: 2,
      ranked: 2,
      chosen: 2,
      sent: 1,
      blocked: [],
    },
  ]);
  expect((await api.get(URL, api.keys.otherApi)).body.days).toEqual([]);
});
