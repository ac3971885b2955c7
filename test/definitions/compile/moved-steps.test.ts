import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PreviousBundle } from '../../../src/definitions/check/definition.ts';
import { compileBundle } from '../../../src/definitions/compile/bundle.ts';
import { edit, filesWith, problemsOf } from '../bundle-files.ts';

const T = 'journeys/tips.yaml';
const STEPS = `steps:
  - { id: tip, decide: { actions: ["tag:tips"], hold: 30d } }
  - { id: week, wait: { until: [{ after: 7d }] } }
  - { id: again, goto: tip }
`;

type Changes = Parameters<typeof filesWith>[0];

function next(previous: PreviousBundle | null, changes: Changes = {}) {
  return compileBundle(filesWith(changes), previous, 1_000);
}

function bundleOf(previous: PreviousBundle | null, changes: Changes = {}) {
  const compiled = next(previous, changes);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  return compiled.bundle;
}

const tips = (bundle: PreviousBundle) => bundle.journeys.find(({ id }) => id === 'tips');
/** The journey tips with these steps. Each is a wait, so any order of ids is a valid journey. */
const waits = (ids: string[], more = '') => ({
  [T]: (text: string) =>
    edit(
      STEPS,
      `steps:\n${ids.map((id) => `  - { id: ${id}, wait: { until: [{ after: 1d }] } }\n`).join('')}`,
    )(text) + more,
});

describe('an edit', () => {
  test('that removes a step is refused without a move', () => {
    const problems = problemsOf(next(bundleOf(null), waits(['tip', 'week'])));
    expect(problems).toEqual([
      `${T} | moved | step 'again' was removed: add moved: {again: …} with the step that its customers go to, or exit`,
    ]);
    const moved = bundleOf(bundleOf(null), waits(['tip', 'week'], 'moved: { again: week }\n'));
    expect(tips(moved)?.moved).toEqual({ again: 'week' });
  });

  test('keeps the moves of all earlier versions, followed to a step that exists', () => {
    const first = bundleOf(null, waits(['a', 'b', 'c']));
    const second = bundleOf(first, waits(['b', 'c'], 'moved: { a: b }\n'));
    const third = bundleOf(second, waits(['c'], 'moved: { b: c }\n'));
    const fourth = bundleOf(third, waits(['d'], 'moved: { c: exit }\n'));
    expect(tips(second)?.moved).toEqual({ a: 'b' });
    expect(tips(third)?.moved).toEqual({ a: 'c', b: 'c' });
    expect(tips(fourth)?.moved).toEqual({ a: 'exit', b: 'exit', c: 'exit' });
  });

  test('keeps an earlier move that the files no longer contain', () => {
    const second = bundleOf(bundleOf(null, waits(['a', 'b'])), waits(['b'], 'moved: { a: b }\n'));
    expect(tips(bundleOf(second, waits(['b'])))?.moved).toEqual({ a: 'b' });
  });

  test('maps every step that ever existed to a step that exists or to exit', () => {
    const ids = fc.uniqueArray(fc.constantFrom<string>('a', 'b', 'c', 'd', 'e'), { minLength: 1 });
    fc.assert(
      fc.property(fc.array(ids, { minLength: 2, maxLength: 5 }), fc.nat(), (versions, seed) => {
        let bundle: ReturnType<typeof bundleOf> | null = null;
        const ever = new Set<string>();
        for (const [index, steps] of versions.entries()) {
          const before: string[] = versions[index - 1] ?? [];
          const to = [...steps, 'exit'];
          const lines = before
            .filter((id) => !steps.includes(id))
            .map((id, n) => `${id}: ${to[(seed + n) % to.length]}`);
          bundle = bundleOf(bundle, waits(steps, `moved: { ${lines.join(', ')} }\n`));
          for (const id of steps) ever.add(id);
          const moved = tips(bundle)?.moved ?? {};
          for (const id of ever) {
            if (steps.includes(id)) expect(moved).not.toHaveProperty(id);
            else expect(to).toContain(moved[id]);
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  test('of a pinned journey needs no move', () => {
    const first = bundleOf(null, waits(['a', 'b'], 'versions: pin\n'));
    const second = bundleOf(first, waits(['b'], 'versions: pin\n'));
    // Customers who entered before the journey was pinned leave.
    expect(tips(second)?.moved).toEqual({ a: 'exit' });
    expect(problemsOf(next(first, waits(['b'])))).toHaveLength(1);
  });

  test('cannot change the class of a journey', () => {
    const previous = { journeys: [{ id: 'care', activeSince: 0, class: 'marketing' as const }] };
    expect(problemsOf(next(previous))).toEqual([
      "journeys/care.yaml | class | a journey's class can't change from marketing: give it a new id",
    ]);
  });

  test('that removes a journey warns what happens to customers inside', () => {
    const journeys = bundleOf(null).journeys.map((j) => ({ ...j }));
    const gone = [
      { ...(journeys[0] as (typeof journeys)[number]), id: 'old' },
      { ...(journeys[0] as (typeof journeys)[number]), id: 'older', versions: 'pin' as const },
    ];
    const { warnings } = next({ journeys: [...journeys, ...gone] });
    expect(warnings).toEqual([
      {
        file: 'journeys',
        path: 'old',
        message: "journey 'old' was removed: customers inside it leave with reason journey_removed",
      },
      {
        file: 'journeys',
        path: 'older',
        message:
          "journey 'older' was removed: customers inside it finish under the version that they entered",
      },
    ]);
  });

  test('C-3: can widen the segment of a journey and keeps the journey', () => {
    const segments = { 'segments.yaml': '{ few: traits.pilot == true, many: has(traits.pilot) }' };
    const enter = (segment: string) =>
      edit('enter: {', `enter:\n  - { segment: ${segment}, on: enter }\n  - {`);
    const first = bundleOf(null, { ...segments, [T]: enter('few') });
    const second = compileBundle(filesWith({ ...segments, [T]: enter('many') }), first, 99_000);
    // It accepts events as before, and no customer is moved.
    expect(second.ok && second.bundle.journeys.find(({ id }) => id === 'tips')).toEqual({
      ...tips(first),
      enter: [
        { kind: 'segment', segment: 'many', on: 'enter', backfill: false },
        ...(tips(first)?.enter?.slice(1) ?? []),
      ],
    });
  });

  test('C-7: can add a channel and content without a change to a journey', () => {
    const first = bundleOf(null);
    const second = bundleOf(first, {
      'workspace.yaml': (text) => `${text}channels: { sms: { via: webhook, address: phone } }\n`,
      'actions/all.yaml': edit('tags: [tips] }', 'tags: [tips], channels: [email, sms] }'),
      'content/tip/sms.en.txt': 'A tip for you',
    });
    expect(second.journeys).toEqual(first.journeys);
    expect(second.actions.find(({ id }) => id === 'tip')?.channels).toEqual(['email', 'sms']);
  });
});
