import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { coupon } from '../../src/api/coupons/schema.ts';
import { enrollment } from '../../src/api/customers/enrollment-schema.ts';
import { timelineItem } from '../../src/api/customers/timeline-schema.ts';
import { decision } from '../../src/api/decisions/schema.ts';
import { DELIVERY_STATES, TASK_STATES } from '../../src/domain/delivery.ts';
import { CALL_NAMES, EVENT, ORDER_REVERSALS } from '../../src/domain/event.ts';
import { NOTES } from '../../src/domain/note.ts';
import { GATE_FAILED, VERDICT_CODES } from '../../src/domain/verdict-code.ts';
import type { JourneyChange } from '../../src/engine/journey/journey-change.ts';
import { CHANGE_KINDS, describeChange } from '../../src/sentences/describe-change.ts';
import { describeCoupon } from '../../src/sentences/describe-coupon.ts';
import { describeEvent } from '../../src/sentences/describe-event.ts';
import { DECISION_OUTCOMES, describeItem } from '../../src/sentences/describe-item.ts';
import { describeReason } from '../../src/sentences/describe-reason.ts';
import { describeLift, describeVerdict } from '../../src/sentences/describe-verdict.ts';
import { english } from '../../src/sentences/en/catalogue.ts';
import { explainAction } from '../../src/sentences/explain-action.ts';
import type { Message } from '../../src/sentences/message.ts';
import { buildImportGraph, listFiles, reachableFrom, readImports } from '../architecture/import-graph.ts';
import { ROOT } from '../support/paths.ts';
import { item, sentences } from './support.ts';

const texts = (folder: string) =>
  listFiles(folder).map((file) => readFileSync(path.join(ROOT, file), 'utf8'));

/** Codes of the parts of a message, too. */
function codesOf(message: Message): string[] {
  const parts = Object.values(message.params).flatMap((param) =>
    typeof param === 'object' && param !== null && 'parts' in param ? (param.parts as Message[]) : [],
  );
  return [message.code, ...parts.flatMap(codesOf)];
}

describe('verdicts', () => {
  const codes = Object.entries(VERDICT_CODES).flatMap(([gate, own]) =>
    [...own, GATE_FAILED].map((code) => ({ gate, code })),
  );

  test.each(codes)('$gate: $code has a sentence', ({ gate, code }) => {
    const described = describeVerdict({ gate, code });
    expect(described.code).toBe(`blocked.${code}`);
    expect(sentences.write(described)).toMatch(/^[a-z].{5,}/);
  });

  test('every verdict that blocks is made by `block`, which takes codes of the table only', () => {
    const literal = /gate: '(\w+)',\s*pass: false,\s*code: '(\w+)'/g;
    const found = [...texts('src/engine'), ...texts('src/app')].flatMap((text) => [
      ...text.matchAll(literal),
    ]);
    expect(found.map(([text]) => text)).toEqual([]);
  });

  test('every event that lifts a verdict has a sentence of its own, or is named', () => {
    const events = new Set(
      [...texts('src/engine'), ...texts('src/app')].flatMap((text) =>
        [...text.matchAll(/liftsOn: '([^']+)'/g)].map(([, event]) => event as string),
      ),
    );
    expect(events.size).toBeGreaterThan(5);
    for (const liftsOn of events) {
      const lift = describeLift({ gate: 'g', code: 'c', liftsOn });
      expect(lift.code === 'lift.on' ? sentences.write(lift) : lift.code).toMatch(/^lift(s on [A-Z]|\.)/);
    }
  });

  test('a code of a newer API is named as it is', () => {
    expect(sentences.write(describeVerdict({ gate: 'moon', code: 'full_moon' }))).toBe(
      'the rule moon blocks: full_moon',
    );
  });
});

describe('the timeline', () => {
  const SHOP = ['Order Completed', 'Order Updated', ...ORDER_REVERSALS, 'Checkout Started'];

  test.each([...Object.values(EVENT), ...Object.values(CALL_NAMES), ...SHOP])(
    'the event %s has a sentence, also without properties',
    (name) => {
      expect(describeEvent(name, {}).code).toBe(`event.${name}`);
      expect(sentences.write(describeEvent(name, {}))).toMatch(/^[a-z].{5,}/);
    },
  );

  test('every code of an event is the name of an event', () => {
    const names = Object.keys(english).filter((code) => code.startsWith('event.') && code !== 'event.other');
    for (const code of names) expect(describeEvent(code.slice('event.'.length), {}).code).toBe(code);
  });

  test.each(timelineItem.shape.kind.options)('an item of the kind %s has a sentence', (kind) => {
    expect(sentences.write(describeItem(item({ kind })))).not.toBe('');
  });

  test.each(DELIVERY_STATES)('a delivery that is %s has a sentence', (state) => {
    const described = describeItem(
      item({ kind: 'delivery', data: { state, action: 'tip', channel: 'email' } }),
    );
    expect(described.code).toBe(`delivery.${state}`);
    expect(sentences.write(described)).toMatch(/tip.* by email/);
  });

  test.each(TASK_STATES)('a task that is %s has a sentence, as an item and as a word', (state) => {
    const described = describeItem(item({ kind: 'task', data: { state, action: 'call' } }));
    expect(described.code).toBe(`task.${state}`);
    expect(english[`task_state.${state}`]({})).not.toBe('');
  });

  test('every outcome of a decision has a sentence', () => {
    expect([...DECISION_OUTCOMES].sort()).toEqual([...decision.shape.outcome.options].sort());
    for (const outcome of DECISION_OUTCOMES)
      expect(describeItem(item({ kind: 'decision', data: { outcome } })).code).toBe(`decision.${outcome}`);
  });

  test('every kind of change has a sentence', () => {
    const kinds: Record<JourneyChange['kind'], true> = {
      entered: true,
      not_entered: true,
      moved: true,
      goal: true,
      exposed: true,
      adopted: true,
      stage: true,
      segment: true,
      date: true,
      ended: true,
      poisoned: true,
      recovered: true,
      condition_failed: true,
      not_recorded: true,
    };
    expect([...CHANGE_KINDS].sort()).toEqual(Object.keys(kinds).sort());
    for (const kind of CHANGE_KINDS) {
      expect(describeChange({ kind }).code).toBe(`change.${kind}`);
      expect(sentences.write(describeChange({ kind }))).not.toBe('');
    }
  });

  test('every reason that the engine records as a word has a sentence', () => {
    const sources = [...texts('src/engine/journey'), ...texts('src/app/deliver')].join('\n');
    const recorded = [
      ...sources.matchAll(/endEnrollment\(run, \w+, '([a-z_: ]+)'\)/g),
      ...sources.matchAll(/return '([a-z_]+)';\n/g),
      ...sources.matchAll(
        /(?:cancelDelivery\(tx, id, |withdrawnTasks\.push\(\{ id: task\.id, reason: )'([a-z_]+)'/g,
      ),
      ...sources.matchAll(/cancelledDeliveries\.push\(\{ id: \w+\.id, reason: '([a-z_]+)'/g),
    ].map(([, word]) => word as string);
    const words = new Set(
      recorded.filter((word) => word.includes('_') || word === 'limit' || word === 'goal'),
    );
    for (const word of ['already_open', 'no_room', 'goal', 'decided_afresh', 'customer_gone'])
      expect(words).toContain(word);
    expect([...words].filter((word) => describeReason(word).code === 'reason.text')).toEqual([]);
  });

  test.each(Object.keys(NOTES))('the note %s has a sentence', (code) => {
    const noted = item({ notes: [{ code, field: 'properties.x', value: 'y' }] });
    expect(codesOf(describeItem(noted))).toContain(`note.${code}`);
  });
});

describe('states', () => {
  test.each(coupon.shape.state.options)('a coupon that is %s has a sentence', (state) => {
    const view = { state, percent: 20, expiresAt: '2026-12-01T00:00:00Z', redeemedAt: null, orderId: null };
    expect(describeCoupon(view).code).toBe(`coupon.${state}`);
  });

  test.each(enrollment.shape.state.options)('an enrollment that is %s has a word', (state) => {
    const enrollments = [
      { id: 'e', journey: 'tips', step: 'tip', state, arm: 'treated', reason: null, wakers: [] },
    ];
    const outlook = explainAction({
      customer: { suppressed: { reasons: [] }, poison: null, enrollments },
      eligibility: {
        action: 'tip',
        purpose: 'marketing',
        topic: null,
        offeredBy: { journeys: ['tips'], placements: [] },
        enrollmentId: 'e',
        allowed: true,
        channels: [{ channel: 'email', verdict: 'allowed', gates: [] }],
      },
      deliveries: [],
      tasks: [],
      decisions: [],
      coupons: [],
    });
    const all = [outlook.headline, ...outlook.facts].flatMap(codesOf);
    expect(all.some((code) => code === `enrollment.${state}` || /^outlook\.(waiting|busy)$/.test(code))).toBe(
      true,
    );
  });
});

test('a browser can bundle it: no package, no Node module, nothing of the machine', () => {
  const graph = buildImportGraph(['src/sentences', 'src/domain']);
  const files = new Set(listFiles('src/sentences').flatMap((file) => [file, ...reachableFrom(graph, file)]));
  const outside = [...files].flatMap((file) =>
    readImports(file)
      .filter(({ target, typeOnly }) => !typeOnly && !target.startsWith('.'))
      .map(({ target }) => `${file}: ${target}`),
  );
  expect(outside).toEqual([]);
  const machine = /\b(?:process|Buffer|require|console)\b[.(]|Date\.now|new Date\(\)/;
  const users = listFiles('src/sentences').filter((file) =>
    machine.test(readFileSync(path.join(ROOT, file), 'utf8')),
  );
  expect(users).toEqual([]);
});
