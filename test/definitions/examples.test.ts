import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileMjml } from '../../src/content/mjml/compile.ts';
import { compileBundle } from '../../src/definitions/compile/bundle.ts';
import type { BundleFile } from '../../src/definitions/source/bundle-file.ts';
import { readBundleDir } from '../../src/definitions/source/read-directory.ts';
import type { JourneyDef } from '../../src/domain/definition.ts';
import { DAY, HOUR } from '../../src/domain/time/time.ts';
import { AROMA } from '../support/paths.ts';

const TEALEAF = fileURLToPath(new URL('../../examples/tealeaf', import.meta.url));
const files = await readBundleDir(AROMA);
const sisterFiles = await readBundleDir(TEALEAF);

function bundleOf(of: BundleFile[]) {
  const compiled = compileBundle(of, null, 0);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  return compiled.bundle;
}

const aroma = bundleOf(files);
const journey = (id: string) => {
  const definition = aroma.journeys.find((j) => j.id === id);
  if (!definition) throw new Error(`no journey ${id}`);
  return definition;
};
const step = (of: JourneyDef, id: string) => of.steps.find((s) => s.id === id);

describe('the example contains the ten stories', () => {
  test('1: the espresso machine', () => {
    expect(step(journey('tips'), 'tip')).toMatchObject({ hold: 30 * DAY });
    expect(step(journey('ticket-care'), 'calm')).toMatchObject({
      until: [{ when: '!suppressed.marketing' }],
    });
  });

  test('2: the lost order', () => {
    expect(journey('payment-rescue').goal).toMatchObject({ on: 'Order Completed', match: 'customer' });
    expect(step(journey('payment-rescue'), 'rescue')).toMatchObject({
      actions: ['agent-call', 'help-email'],
    });
  });

  test('3: an apology by mail and text message, with one coupon', () => {
    expect(step(journey('making-good'), 'gift')).toMatchObject({ deliver: 'all', actions: ['coupon-20'] });
    expect(aroma.actions.find(({ id }) => id === 'coupon-20')).toMatchObject({
      channels: ['email', 'sms'],
      coupon: { percent: 20, validFor: 30 * DAY },
      budget: { amount: 5_000, of: 'workspace' },
    });
  });

  test('4, A-6: the birthday, on the local date, every year, also for 29 February, by one channel', () => {
    expect(journey('birthday').enter).toMatchObject([
      { kind: 'date', date: 'traits.birthday', at: 540, repeat: 'year', leapDay: 'feb28' },
    ]);
    expect(step(journey('birthday'), 'gift')).toMatchObject({ deliver: 'one' });
    expect(aroma.actions.find(({ id }) => id === 'birthday-code')?.channels).toEqual(['email', 'sms']);
  });

  test('5, A-4: the unanswered question: a second question ends the wait of the first', () => {
    expect(step(journey('unanswered-question'), 'patience')).toMatchObject({
      until: [{ trigger: { on: 'Question Asked', match: 'customer' } }, { after: 4 * HOUR }],
    });
    expect(journey('unanswered-question').exit).toMatchObject([
      { trigger: { on: 'Question Answered', match: 'key' } },
      {},
    ]);
  });

  test('6, E-1: every stage has journeys, and the stages after the first purchase have most of them', () => {
    const stages = aroma.journeys.flatMap(({ stage }) => stage ?? []);
    for (const stage of [
      'onboarding',
      'adoption',
      'replenishment',
      'renewal',
      'win-back',
      'advocacy',
      'loyalty',
    ])
      expect(stages).toContain(stage);
    const before = stages.filter((stage) => ['onboarding', 'purchase'].includes(stage));
    expect(stages.length - before.length).toBeGreaterThan(before.length * 2);
    expect(journey('win-back').enter).toMatchObject([
      { kind: 'date', date: 'scores.overdueAt', repeat: 'once' },
    ]);
  });

  test('7: real-time decisions', () => {
    expect(aroma.placements).toMatchObject([
      { id: 'web-home', channel: 'web', limit: 3, deadline: 150, fallback: 'brand-story' },
      { id: 'ivr-main', channel: 'ivr', actions: ['connect-agent', 'order-status', 'menu'] },
    ]);
  });

  test('8, D-16: two brands of one company share a cap and suppression, and nothing more', async () => {
    const sister = compileBundle(await compileMjml(await readBundleDir(TEALEAF)), null, 0);
    if (!sister.ok) throw new Error(JSON.stringify(sister.errors));
    expect(sister.warnings).toEqual([]);
    const tealeaf = sister.bundle;
    expect(tealeaf.group).toEqual(aroma.group);
    expect(aroma.group).toMatchObject({ workspaces: ['aroma', 'tealeaf'], caps: [{ max: 4, of: 'group' }] });
    expect(tealeaf.workspace.sender).not.toEqual(aroma.workspace.sender);
  });

  test('9, E-7: an account: sixty days before the end, for all members together', () => {
    expect(journey('renewal')).toMatchObject({
      enter: [{ kind: 'date', date: 'account.renewal_date', offset: -60 * DAY }],
      goal: { on: 'Contract Renewed', match: 'account' },
      versions: 'pin',
    });
    expect(aroma.workspace.tickets.scope).toBe('account');
    expect(aroma.interest.accountEvents).toEqual(['Contract Renewed']);
  });

  test('10, E-5: what the customer can control', () => {
    expect(aroma.workspace).toMatchObject({
      topics: ['tips', 'offers', 'news'],
      snooze: [7 * DAY, 30 * DAY],
      personalisation: 2,
    });
  });
});

test('B-1, A-9: the example uses model autonomy, rewards and guardrails', () => {
  const auto = aroma.journeys.flatMap(({ steps }) =>
    steps.flatMap((step) => (step.kind === 'decide' && step.autonomy === 'ai_auto' ? step.actions : [])),
  );
  expect(auto).toEqual(expect.arrayContaining(['tip-grinder', 'comeback-offer']));
  for (const id of auto) expect([id, aroma.actions.find((a) => a.id === id)?.reward]).not.toEqual([id, null]);
  expect(aroma.workspace).toMatchObject({
    autonomy: 'rules_only',
    arbitration: { mode: 'uplift', fatigue: 5, explore: 200 },
    ideal: [{ id: 'machine' }, { id: 'refills' }, { id: 'recommends' }],
    worth: { margin: 0.35, horizonWeeks: 52 },
    guardrails: { harms: ['unsubscribe', 'ticket', 'refund'], tolerance: 1.1 },
    sendTime: { fallback: null, explore: 500 },
  });
});

test('C-5: the example has a test with two variants, a budget and an inventory', () => {
  const tested = aroma.actions.filter(({ variants }) => Object.keys(variants).length > 0);
  expect(tested.map(({ id, variants }) => [id, variants])).toEqual([
    ['refill', { email: ['cups', 'default'] }],
  ]);
  expect(aroma.actions.find(({ id }) => id === 'tasting-invitation')?.inventory).toEqual({
    units: 40,
    per: 'month',
  });
  expect(compileBundle(files, null, 0).warnings).toEqual([]);
});

test('every mail of the examples greets by Segment’s trait, and has a button beyond its footer', () => {
  const mails = [...files, ...sisterFiles].filter(({ path }) =>
    /\/email\.\w+(\.\w+)?\.(liquid|mjml)$/.test(path),
  );
  expect(mails.length).toBeGreaterThan(45);
  for (const { path, text } of mails) {
    expect([path, /firstName/.test(text), /first_name/.test(text)]).toEqual([path, true, false]);
    expect([path, /<mj-button\b[^>]*\bhref="https:|\{% render 'button'/.test(text)]).toEqual([path, true]);
    expect([path, /prefers-color-scheme: dark|^layout: mail$/m.test(text)]).toEqual([path, true]);
  }
});

test('E-6: a low score starts a task, a high score enters a segment that starts advocacy', () => {
  expect(step(journey('voice'), 'nps')).toMatchObject({ traits: { nps: 'event.properties.score' } });
  expect(step(journey('voice'), 'listen')).toMatchObject({ actions: ['listen-call'] });
  expect(journey('advocacy').enter).toEqual([
    { kind: 'segment', segment: 'promoters', on: 'enter', backfill: false },
  ]);
  expect(aroma.actions.find(({ id }) => id === 'nudge')?.suitable).toBe(
    '!(has(traits.nps) && traits.nps <= 6.0)',
  );
});

test('E-9: every marketing journey has owner, goal, KPI and holdout; E-3: every stage has an owner', () => {
  const marketing = aroma.journeys.filter((j) => j.class === 'marketing');
  expect(marketing.length).toBeGreaterThan(8);
  for (const { id, owner, goal, holdout } of marketing)
    expect([id, owner !== '', (goal?.kpi ?? '') !== '', holdout > 0]).toEqual([id, true, true, true]);
  for (const { id, owner } of aroma.workspace.stages) expect([id, owner !== '']).toEqual([id, true]);
});

test('every other marketing action has a lower priority than the tips', () => {
  const tips = aroma.actions.filter(({ tags }) => tags.includes('tips')).map(({ priority }) => priority);
  for (const action of aroma.actions.filter((a) => a.class === 'marketing' && !a.tags.includes('tips')))
    expect([action.id, action.priority < Math.min(...tips)]).toEqual([action.id, true]);
});

test('compiling the example with lines removed or doubled never throws', () => {
  const yaml = files.filter(({ path }) => path.endsWith('.yaml') && !path.startsWith('content/'));
  const mutation = fc.record({
    file: fc.constantFrom(...yaml),
    line: fc.nat({ max: 60 }),
    kind: fc.constantFrom('cut', 'double', 'swap', 'null', 'word', 'operator', 'brace'),
  });
  fc.assert(
    fc.property(fc.array(mutation, { minLength: 1, maxLength: 3 }), (mutations) => {
      const mutated = new Map(files.map((file) => [file.path, file.text]));
      for (const { file, line, kind } of mutations) {
        const lines = (mutated.get(file.path) ?? '').split('\n');
        const at = line % lines.length;
        const text = lines[at] ?? '';
        if (kind === 'cut') lines.splice(at, 1);
        if (kind === 'double') lines.splice(at, 0, text);
        if (kind === 'swap') lines.splice(at, 1, lines[(at + 7) % lines.length] ?? '');
        if (kind === 'null') lines.splice(at, 1, text.replace(/:.*/, ': null'));
        if (kind === 'word') lines.splice(at, 1, text.replace(/[a-z]+(?=[\s,}]*$)/, 'constructor'));
        if (kind === 'operator') lines.splice(at, 1, text.replace(/(>=|==|>|&&) .*?(?=["},]|$)/, '$1'));
        if (kind === 'brace') lines.splice(at, 1, text.replace(/[({[]/, ''));
        mutated.set(file.path, lines.join('\n'));
      }
      const compiled = compileBundle(
        [...mutated].map(([path, text]) => ({ path, text })),
        aroma,
        0,
      );
      const problems = compiled.ok ? compiled.warnings : compiled.errors;
      for (const { file, message } of problems) expect([file, message]).not.toContain('');
      if (!compiled.ok) expect(compiled.errors.length).toBeGreaterThan(0);
    }),
    { numRuns: 120 },
  );
}, 60_000);

/** Where a message leads: addresses, and variables that hold one. */
const listLinks = (text: string) => (text.match(/https?:\/\/[^\s"'{}]+|\b\w+_url\b/g) ?? []).sort();

test.each([
  ['aroma', files],
  ['tealeaf', sisterFiles],
])('C-5: the translations of a message of %s lead to the same places', (_, bundle) => {
  const byMessage = new Map<string, string[][]>();
  for (const { path, text } of bundle) {
    const [, message, variant] = /^content\/(\w[^/]*\/\w+)\.[\w-]+\.(.*)$/.exec(path) ?? [];
    if (message === undefined) continue;
    const key = `${message} ${variant}`;
    byMessage.set(key, [...(byMessage.get(key) ?? []), listLinks(text)]);
  }
  expect(byMessage.size).toBeGreaterThan(0);
  for (const [message, [first, ...others]] of byMessage)
    for (const links of others) expect(links, message).toEqual(first);
});
