import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { compileBundle } from '../../../src/definitions/compile/bundle.ts';
import { BundleReadError, readBundleDir } from '../../../src/definitions/source/read-directory.ts';
import { DAY, HOUR, MINUTE } from '../../../src/domain/time/time.ts';
import { compileWith, edit, filesWith } from '../bundle-files.ts';

const AROMA = fileURLToPath(new URL('../../../examples/aroma', import.meta.url));

function compiled(changes?: Parameters<typeof filesWith>[0]) {
  const result = compileWith(changes);
  if (!result.ok) throw new Error(JSON.stringify(result.errors));
  return result;
}

describe('a compiled bundle', () => {
  test('has no warnings for a valid bundle', () => {
    expect(compiled().warnings).toEqual([]);
  });

  test.each([
    ['Hello@Shop.example', 'Hello@Shop.example'],
    ['hallo@müller.example', 'hallo@xn--mller-kva.example'],
    ['hello@shop.xn--p1ai', 'hello@shop.xn--p1ai'],
  ])('takes the sender %s as mail servers do', (written, email) => {
    const changes = { 'workspace.yaml': edit('hello@shop.example', written) };
    expect(compiled(changes).bundle.workspace.sender.email).toBe(email);
  });

  test.each(['hallo', 'jürgen@shop.example', 'a..b@shop.example', '5'])(
    'refuses the sender %s',
    (written) => {
      const result = compileWith({ 'workspace.yaml': edit('hello@shop.example', written) });
      expect(result.ok ? [] : result.errors.map(({ path, message }) => [path, message])).toEqual([
        ['sender.email', 'must be an e-mail address'],
      ]);
    },
  );

  test('contains the workspace in numbers, with defaults for missing keys', () => {
    expect(compiled().bundle.workspace).toEqual({
      id: 'shop',
      name: 'Shop',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
      locales: ['en'],
      holdout: 0,
      stages: [{ id: 'adoption', owner: 'care', when: 'false' }],
      topics: [],
      snooze: [],
      tickets: {
        suppress: ['marketing'],
        scope: 'customer',
        cooldown: 48 * HOUR,
        maxAge: 30 * DAY,
        severity: {},
        status: {},
      },
      channels: {},
      spacing: DAY,
      spread: 600_000,
      caps: [],
      quiet: { from: 21 * 60, to: 8 * 60, classes: ['marketing', 'service'] },
      sunset: null,
      tracking: { clicks: false, opens: false },
      personalisation: 3,
      valueHalf: 10_000,
      autonomy: 'rules_only',
      arbitration: { mode: 'uplift', off: [], fatigue: 0, explore: 200 },
      ideal: [],
      worth: {
        margin: 0.3,
        discount: 0.1,
        horizonWeeks: 52,
        weights: { future: 0.6, margin: 0.2, advocacy: 0.1, engagement: 0.1 },
        warm: 50,
        hot: 80,
      },
      guardrails: null,
      sendTime: { fallback: null, explore: 500 },
      sender: { name: 'Shop', email: 'hello@shop.example' },
    });
  });

  test.each([
    ['currency: eur', 'EUR'],
    ['currency: " EUR "', 'EUR'],
    ['currency: €', 'EUR'],
    ['currency: Euro', 'EUR'],
    ['currency: "978"', 'EUR'],
    ['currency: jpy', 'JPY'],
  ])('contains the currency by its code: %s', (line, code) => {
    const { currency, valueHalf } = compiled({ 'workspace.yaml': edit('currency: EUR', line) }).bundle
      .workspace;
    expect([currency, valueHalf]).toEqual([code, code === 'JPY' ? 100 : 10_000]);
  });

  test.each(['europe/berlin', 'Europe / Berlin', 'W. Europe Standard Time'])(
    'contains the zone by its IANA name: %s',
    (zone) => {
      const { workspace } = compiled({ 'workspace.yaml': edit('Europe/Berlin', zone) }).bundle;
      expect(workspace.timezone).toBe('Europe/Berlin');
    },
  );

  test('contains journeys with every name resolved', () => {
    const [care, , tips] = compiled().bundle.journeys;
    expect(tips).toMatchObject({
      holdout: 1_000,
      reenter: 'always',
      goal: { on: 'Order Completed', match: 'customer', within: 90 * DAY, exit: false },
      enter: [{ kind: 'event', trigger: { on: 'Order Completed', match: 'customer' }, maxAge: DAY }],
      versions: 'follow',
      moved: {},
      steps: [
        { id: 'tip', actions: ['tip'], hold: 30 * DAY, next: 'week' },
        { id: 'week', until: [{ kind: 'after', after: 7 * DAY, next: null }], next: 'again' },
        { id: 'again', kind: 'goto', next: 'tip' },
      ],
    });
    expect(care).toMatchObject({
      class: 'service',
      key: 'ticket_id',
      reenter: 'never',
      holdout: 0,
      steps: [
        // biome-ignore lint/suspicious/noThenProperty: the language's word
        { then: { 'call.done': 'exit', 'call.expired': 'mail' }, hold: 7 * DAY },
        { id: 'mail', next: 'exit' },
      ],
    });
  });

  test('contains actions with defaults for missing keys', () => {
    expect(compiled().bundle.actions).toMatchObject([
      { id: 'tip', channels: ['email'], priority: 0, lever: 1, limit: [], task: null, value: null },
      { id: 'help', about: 'ticket' },
      {
        id: 'call',
        channels: ['agent_desk'],
        task: { acknowledge: 15 * MINUTE, resolve: 4 * HOUR, outcomes: ['done'], escalate: [], attach: [] },
      },
    ]);
  });

  test('writes an amount that is a number as a CEL double', () => {
    const { bundle } = compiled({
      'actions/all.yaml': edit('tags: [tips]', 'tags: [tips], value: 3, cost: 0.5'),
    });
    expect(bundle.actions[0]).toMatchObject({ value: '3.0', cost: '0.5' });
  });

  test('keeps activeSince of a journey when it is applied again', () => {
    const previous = { journeys: [{ id: 'tips', activeSince: 5 }] };
    const result = compileBundle(filesWith(), previous, 1_000);
    expect(result.ok && result.bundle.journeys.map(({ id, activeSince }) => [id, activeSince])).toEqual([
      ['care', 1_000],
      ['overdue', 1_000],
      ['tips', 5],
    ]);
  });

  test('is the same for any order of the files', () => {
    expect(compileBundle(filesWith().reverse(), null, 1_000)).toEqual(compileWith());
  });

  test('reads a file with several documents and a file with a list', () => {
    const documents = compiled({
      'actions/all.yaml': `
{ id: tip, class: marketing, tags: [tips] }
---
{ id: help, class: service }
---
- { id: call, class: service, mode: human, task: { queue: sales, acknowledge: 15m, resolve: 4h } }
`,
    });
    expect(documents.bundle.actions.map(({ id }) => id)).toEqual(['tip', 'help', 'call']);
  });

  test('warns of what is allowed but has no effect', () => {
    const { warnings } = compiled({
      'journeys/tips.yaml': (text) =>
        edit(
          'goto: tip',
          'goto: exit',
        )(edit('10%', '0%')(text)).replace('  - { id: again', '  - { id: out, exit: done }\n  - { id: again'),
      'actions/all.yaml': (text) =>
        `${text}- { id: idle, class: service, mode: human, task: { queue: q, acknowledge: 1m, resolve: 1h } }\n`,
      'content/gone/email.en.liquid': '---\nsubject: x\n---\n',
      'content/tip/email.fr.liquid': '---\nsubject: x\n---\n',
    });
    expect(warnings.map(({ file, path, message }) => `${file} | ${path} | ${message}`)).toEqual([
      "actions/all.yaml | [3].id | no journey offers 'idle'",
      "content/gone/email.en.liquid |  | no action has the id 'gone'",
      "content/tip/email.fr.liquid |  | 'fr' is not one of the workspace's locales",
      'journeys/tips.yaml | holdout | a holdout of 0% leaves no customers to compare with',
      "journeys/tips.yaml | steps[3] | step 'again' is never reached",
    ]);
  });
});

describe('the example bundle', () => {
  test('compiles without errors and without warnings', async () => {
    const result = compileBundle(await readBundleDir(AROMA), null, 0);
    expect(result.warnings).toEqual([]);
    expect(result.ok).toBe(true);
  });

  test('reading a directory that does not exist throws an error that names it', async () => {
    await expect(readBundleDir('/nowhere/at-all')).rejects.toThrow(
      new BundleReadError('/nowhere/at-all does not exist'),
    );
  });
});
