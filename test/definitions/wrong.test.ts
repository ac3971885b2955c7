import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compileWith, edit, type filesWith, problemsOf } from './files.ts';

type Changes = Parameters<typeof filesWith>[0];

const W = 'workspace.yaml';
const T = 'journeys/tips.yaml';
const C = 'journeys/care.yaml';
const A = 'actions/all.yaml';
const ENTER = 'enter: { on: Order Completed, when: "has(event.properties.value)" }';
const WEEK = '{ id: week, wait: { until: [{ after: 7d }] } }';

/** Each a definition that somebody could write, and every line that apply answers with. */
const WRONG: [name: string, changes: Changes, problems: string[]][] = [
  ['no workspace', { [W]: null }, [`${W} |  | is missing: a bundle needs one`]],
  [
    'YAML syntax',
    { [T]: 'id: tips\nsteps: [\n' },
    [
      `${T} |  | YAML, line 3: Flow sequence in block collection must be sufficiently indented and end with a ]`,
    ],
  ],
  [
    'a key twice',
    { [W]: (text) => `${text}id: other\n` },
    [`${W} |  | YAML, line 10: Map keys must be unique`],
  ],
  ['an empty file', { [T]: '# nothing yet\n' }, [`${T} |  | holds no journey`]],
  [
    'a file of no kind',
    { 'notes.yaml': 'a: 1' },
    ['notes.yaml |  | unknown file: expected workspace.yaml, journeys/*.yaml or actions/*.yaml'],
  ],
  ['a planned file', { 'segments.yaml': 'a: 1' }, ['segments.yaml |  | not supported yet: segments.yaml']],

  ['unknown key', { [W]: edit('currency:', 'curency: EUR\ncurrency:') }, [`${W} |  | unknown key: curency`]],
  ['missing key', { [W]: edit('currency: EUR', '') }, [`${W} | currency | is required`]],
  ['wrong type', { [W]: edit('name: Shop', 'name: 12') }, [`${W} | name | must be text`]],
  [
    'unknown zone',
    { [W]: edit('Europe/Berlin', 'Europe/Bonn') },
    [`${W} | timezone | unknown time zone 'Europe/Bonn': use an IANA name such as Europe/Berlin`],
  ],
  [
    'quiet hours without length',
    { [W]: edit('"08:00"', '"21:00"') },
    [`${W} | quiet | from and to are the same: give hours between them, or leave quiet out`],
  ],
  [
    'time of day',
    { [W]: edit('"08:00"', '"8:00"') },
    [`${W} | quiet.to | must be a time of day such as "21:00"`],
  ],
  [
    'duration',
    { [W]: (text) => `${text}spacing: 1 day\n` },
    [`${W} | spacing | must be a duration such as 90s, 15m, 2h, 3d or 2w`],
  ],
  [
    'a cap of a group',
    { [W]: (text) => `${text}caps: [{ max: 3, per: 7d, of: group }]\n` },
    [`${W} | caps[0].of | not supported yet: group; use customer`],
  ],
  [
    'a planned channel',
    { [W]: (text) => `${text}caps: [{ max: 3, per: 7d, channel: sms }]\n` },
    [`${W} | caps[0].channel | not supported yet: sms; use email or agent_desk`],
  ],
  [
    'an account-wide ticket',
    { [W]: (text) => `${text}tickets: { scope: account }\n` },
    [`${W} | tickets.scope | not supported yet: account; use customer`],
  ],
  [
    'a line break in a header',
    { [W]: edit('{ name: Shop,', '{ name: "Shop\\r\\nBcc: x",') },
    [`${W} | sender.name | must be one line`],
  ],

  [
    'E-9: no goal',
    { [T]: edit('goal: { on: Order Completed, within: 90d, kpi: repeat_rate, exit: false }\n', '') },
    [`${T} | goal | a marketing journey needs a goal: on, within, kpi`],
  ],
  ['E-9: no KPI', { [T]: edit(' kpi: repeat_rate,', '') }, [`${T} | goal.kpi | is required`]],
  [
    'E-9: no holdout',
    { [T]: edit('holdout: 10%\n', '') },
    [`${T} | holdout | a marketing journey needs a holdout, such as 10%`],
  ],
  ['E-9: no owner', { [T]: edit('owner: care\n', '') }, [`${T} | owner | is required`]],
  [
    'E-4: opens',
    { [T]: edit('repeat_rate', 'email_opens') },
    [
      `${T} | goal.kpi | 'email_opens' is no success: name what the customer or the business gains, such as repeat_rate`,
    ],
  ],
  [
    'E-4: clicks',
    { [T]: edit('repeat_rate', 'click-rate') },
    [
      `${T} | goal.kpi | 'click-rate' is no success: name what the customer or the business gains, such as repeat_rate`,
    ],
  ],
  ['holdout above 100 %', { [T]: edit('10%', '110%') }, [`${T} | holdout | must be at most 100%`]],
  [
    'service withheld',
    { [C]: edit('class: service', 'class: service\nholdout: 5%') },
    [`${C} | holdout | service is not withheld from anybody: leave holdout out`],
  ],
  [
    'unknown role',
    { [T]: edit('owner: care', 'owner: crew') },
    [`${T} | owner | unknown role 'crew': use care, or add it to roles in workspace.yaml`],
  ],
  [
    'unknown stage',
    { [T]: edit('stage: adoption', 'stage: youth') },
    [`${T} | stage | unknown stage 'youth': use adoption, or add it to stages in workspace.yaml`],
  ],
  ['no exit', { [T]: edit('exit: [{ after: 90d }]\n', '') }, [`${T} | exit | is required`]],
  [
    'an empty list of exits',
    { [T]: edit('[{ after: 90d }]\n', '[]\n') },
    [`${T} | exit | must not be empty`],
  ],
  [
    'an exit of two kinds',
    { [T]: edit('[{ after: 90d }]', '[{ on: X, after: 90d }]') },
    [`${T} | exit[0] | needs exactly one of on, after; it has on and after`],
  ],
  [
    'match without a key',
    { [T]: edit('goal: { on: Order Completed,', 'goal: { on: Order Completed, match: key,') },
    [`${T} | goal.match | the journey has no key: add one, or use customer`],
  ],
  [
    'match by account',
    { [T]: edit('goal: { on: Order Completed,', 'goal: { on: Order Completed, match: account,') },
    [`${T} | goal.match | not supported yet: account; use key or customer`],
  ],
  [
    're-entry',
    { [T]: (text) => `${text}reenter: sometimes\n` },
    [`${T} | reenter | must be one of never, always`],
  ],

  [
    'entry by segment',
    { [T]: edit(ENTER, 'enter: { segment: vip, on: enter }') },
    [`${T} | enter | not supported yet: segment`],
  ],
  [
    'entry by schedule',
    { [T]: edit(ENTER, 'enter: [{ schedule: "0 9 * * *", where: vip }]') },
    [`${T} | enter[0] | not supported yet: schedule`, `${T} | enter[0] | unknown key: where`],
  ],
  [
    'entry by date',
    { [T]: edit(ENTER, 'enter: { date: traits.birthday, repeat: once }') },
    [`${T} | enter | not supported yet: date`, `${T} | enter | not supported yet: repeat`],
  ],
  ['entry by API', { [T]: edit(ENTER, 'enter: { api: true }') }, [`${T} | enter | not supported yet: api`]],
  ['versions', { [T]: (text) => `${text}versions: pin\n` }, [`${T} |  | not supported yet: versions`]],
  [
    'a set step',
    { [T]: edit(WEEK, '{ id: week, set: { vars.x: "1" } }') },
    [`${T} | steps[1] | not supported yet: set`],
  ],
  [
    'an emit step',
    { [T]: edit(WEEK, '{ id: week, emit: { event: X } }') },
    [`${T} | steps[1] | not supported yet: emit`],
  ],
  [
    'a share',
    { [T]: edit(WEEK, '{ id: week, branch: [{ share: 50%, next: tip }] }') },
    [`${T} | steps[1].branch[0] | not supported yet: share`],
  ],
  [
    'wait until a date',
    { [T]: edit('{ after: 7d }', '{ date: scores.lapsedAt }') },
    [`${T} | steps[1].wait.until[0] | not supported yet: date`],
  ],
  [
    'wait for a lasting state',
    { [T]: edit('{ after: 7d }', '{ when: "true", for: 3d }') },
    [`${T} | steps[1].wait.until[0] | not supported yet: for`],
  ],
  [
    'deliver all',
    { [T]: edit('hold: 30d', 'deliver: all') },
    [`${T} | steps[0].decide.deliver | not supported yet: all; use one`],
  ],
  [
    'autonomy',
    { [T]: edit('hold: 30d', 'autonomy: ai_auto') },
    [`${T} | steps[0].decide | not supported yet: autonomy`],
  ],
  [
    'about on a step',
    { [T]: edit('hold: 30d', 'about: "true"') },
    [`${T} | steps[0].decide | not supported yet: about`],
  ],

  [
    'unknown action',
    { [C]: edit('{ actions: [help] }', '{ actions: [halp] }') },
    [
      `${C} | steps[1].decide.actions[0] | unknown action 'halp': define it in actions/, or use tip, help, call`,
    ],
  ],
  [
    'tag without members',
    { [T]: edit('tag:tips', 'tag:tricks') },
    [`${T} | steps[0].decide.actions[0] | no action carries the tag 'tricks'`],
  ],
  [
    'marketing in a service journey',
    { [C]: edit('{ actions: [help] }', '{ actions: [tip] }') },
    [`${C} | steps[1].decide.actions[0] | 'tip' is marketing: a service journey can't offer it`],
  ],
  [
    'transactional in a marketing journey',
    { [A]: edit('class: marketing', 'class: transactional') },
    [`${T} | steps[0].decide.actions[0] | 'tip' is transactional: only a service journey can offer it`],
  ],
  [
    'mandatory in a marketing journey',
    { [A]: edit('class: marketing', 'class: mandatory') },
    [`${T} | steps[0].decide.actions[0] | 'tip' is mandatory: only a service journey can offer it`],
  ],
  [
    'no channel left',
    { [C]: edit('{ actions: [help] }', '{ actions: [help], channels: [agent_desk] }') },
    [`${C} | steps[1].decide.actions[0] | 'help' has none of the channels agent_desk`],
  ],
  [
    'impossible outcome',
    { [C]: edit('call.done: exit', 'call.sold: exit') },
    [
      `${C} | steps[0].decide.then.call.sold | outcome 'call.sold' can't happen here: use nothing, expired, failed, call, call.done, call.expired, help`,
    ],
  ],
  [
    'unknown step in next',
    { [C]: edit('call.expired: mail', 'call.expired: male') },
    [`${C} | steps[0].decide.then.call.expired | unknown step 'male': use call, mail, exit`],
  ],
  [
    'unknown step in goto',
    { [T]: edit('goto: tip', 'goto: top') },
    [`${T} | steps[2].goto | unknown step 'top': use tip, week, again, exit`],
  ],
  [
    'duplicate step',
    { [C]: edit('id: mail', 'id: call') },
    [
      `${C} | steps[1].id | duplicate step id 'call': steps[0] has it`,
      `${C} | steps[0].decide.then.call.expired | unknown step 'mail': use call, call, exit`,
    ],
  ],
  [
    'a step of no kind',
    { [T]: edit(WEEK, '{ id: week }') },
    [`${T} | steps[1] | needs exactly one of decide, wait, branch, goto, exit; it has none`],
  ],
  [
    'a step of two kinds',
    { [T]: edit('goto: tip', 'goto: tip, exit: done') },
    [`${T} | steps[2] | needs exactly one of decide, wait, branch, goto, exit; it has goto and exit`],
  ],
  [
    'cycle without a wait',
    { [T]: edit(WEEK, '{ id: week, branch: [{ when: "now > event.at", next: again }] }') },
    [
      `${T} | steps[0] | cycle that nothing stops: tip → week → again → tip; put a wait with after or on into it`,
    ],
  ],
  [
    'cycle through a wait for a state',
    { [T]: edit('{ after: 7d }', '{ when: "!suppressed.marketing" }') },
    [
      `${T} | steps[0] | cycle that nothing stops: tip → week → again → tip; put a wait with after or on into it`,
    ],
  ],
  [
    'cycle through a wait that looks back',
    { [T]: edit('[{ after: 7d }]', '[{ after: 7d }], since: enter') },
    [
      `${T} | steps[0] | cycle that nothing stops: tip → week → again → tip; put a wait with after or on into it`,
    ],
  ],
  [
    'else in the middle',
    { [T]: edit(WEEK, '{ id: week, branch: [{ else: exit }, { when: "true", next: exit }] }') },
    [`${T} | steps[1].branch[0] | else must come last`],
  ],

  [
    'CEL syntax',
    { [T]: edit('has(event.properties.value)', 'has(event.properties.value') },
    [`${T} | enter.when | CEL: Expected RPAREN, got EOF, at character 27 of: has(event.properties.value`],
  ],
  [
    'CEL name',
    { [T]: edit('has(event.properties.value)', "evnt.name == 'x'") },
    [`${T} | enter.when | CEL: Unknown variable: evnt, at character 1 of: evnt.name == 'x'`],
  ],
  [
    'CEL type',
    { [T]: edit('has(event.properties.value)', 'event.name == 3') },
    [`${T} | enter.when | CEL: no such overload: string == int, at character 1 of: event.name == 3`],
  ],
  [
    'CEL that is no condition',
    { [T]: edit('has(event.properties.value)', 'event.name') },
    [`${T} | enter.when | CEL: must be true or false, but is string: event.name`],
  ],
  [
    'CEL whole-number arithmetic',
    { [T]: edit('has(event.properties.value)', 'event.properties.value / 2 > 1.0') },
    [
      `${T} | enter.when | CEL: numbers in data are doubles: write 2.0, at character 26 of: event.properties.value / 2 > 1.0`,
    ],
  ],
  [
    'CEL segment',
    { [A]: edit('tags: [tips]', 'tags: [tips], eligible: "segment(\'vip\')"') },
    [`${A} | [0].eligible | CEL: not supported yet: segment(), at character 1 of: segment('vip')`],
  ],
  [
    'CEL money',
    { [A]: edit('tags: [tips]', 'tags: [tips], value: "traits.plan == \'x\'"') },
    [`${A} | [0].value | CEL: must be a number, but is bool: traits.plan == 'x'`],
  ],

  [
    'human without task',
    { [A]: edit(', task: { queue: sales, acknowledge: 15m, resolve: 4h }', '') },
    [
      `${A} | [2].task | mode human needs a task: queue, acknowledge, resolve`,
      `${C} | steps[0].decide.then.call.done | outcome 'call.done' can't happen here: use nothing, expired, failed, call, help`,
      `${C} | steps[0].decide.then.call.expired | outcome 'call.expired' can't happen here: use nothing, expired, failed, call, help`,
    ],
  ],
  [
    'task without human',
    { [A]: edit('about: ticket', 'task: { queue: q, acknowledge: 1m, resolve: 1h }') },
    [`${A} | [1].task | only goes with mode: human`],
  ],
  [
    'sms',
    { [A]: edit('tags: [tips]', 'tags: [tips], channels: [email, sms]') },
    [`${A} | [0].channels[1] | not supported yet: sms; use email or agent_desk`],
  ],
  [
    "a channel that there isn't",
    { [A]: edit('tags: [tips]', 'tags: [tips], channels: [pigeon]') },
    [`${A} | [0].channels[0] | must be one of email, agent_desk`],
  ],
  [
    'human by e-mail',
    { [A]: edit('mode: human', 'mode: human, channels: [email]') },
    [
      `${A} | [2].channels[0] | mode human goes through agent_desk only`,
      `${A} | [2].channels[0] | no content for email: add content/call/email.en.liquid`,
    ],
  ],
  [
    'coupon and budget',
    { [A]: edit('tags: [tips]', 'tags: [tips], coupon: { percent: 20 }, budget: { amount: 1 }') },
    [`${A} | [0] | not supported yet: coupon`, `${A} | [0] | not supported yet: budget`],
  ],
  [
    'limit per account',
    { [A]: edit('tags: [tips]', 'tags: [tips], limit: { max: 1, per: account }') },
    [`${A} | [0].limit.per | not supported yet: account; use customer or key`],
  ],
  [
    'reserved id',
    {
      [A]: (text) =>
        `${text}- { id: nothing, class: service, mode: human, task: { queue: q, acknowledge: 1m, resolve: 1h, outcomes: [expired] } }\n`,
    },
    [
      `${A} | [3].id | 'nothing' has a meaning in then and next; choose another id`,
      `${A} | [3].task.outcomes[0] | 'expired' is given by the engine; choose another id`,
    ],
  ],
  [
    'duplicate action',
    { 'actions/more.yaml': '{ id: tip, class: marketing }' },
    [`actions/more.yaml | id | duplicate action id 'tip': ${A} has it`],
  ],
  [
    'duplicate journey',
    { [C]: edit('id: care', 'id: tips'), [T]: (text) => text },
    [`${T} | id | duplicate journey id 'tips': ${C} has it`],
  ],

  [
    'no content',
    { 'content/tip/email.en.liquid': null },
    [`${A} | [0].channels[0] | no content for email: add content/tip/email.en.liquid`],
  ],
  [
    'Liquid',
    { 'content/tip/email.en.liquid': '---\nsubject: x\n---\n{% if a %}' },
    ['content/tip/email.en.liquid |  | Liquid: tag {% if a %} not closed, line:1, col:1'],
  ],
  [
    'unknown filter',
    { 'content/tip/email.en.liquid': '---\nsubject: "{{ a | shout }}"\n---\n' },
    ['content/tip/email.en.liquid |  | Liquid: undefined filter: shout, line:1, col:1'],
  ],
  [
    'a tag that reads files',
    { 'content/tip/email.en.liquid': '---\nsubject: x\n---\n{% include "/etc/passwd" %}' },
    ['content/tip/email.en.liquid |  | Liquid: tag "include" not found, line:1, col:1'],
  ],
  [
    'no subject',
    { 'content/tip/email.en.liquid': '<p>Hello</p>' },
    ['content/tip/email.en.liquid |  | must begin with front matter: ---, subject: …, ---'],
  ],
  [
    'MJML',
    { 'content/tip/email.de.mjml': '' },
    ['content/tip/email.de.mjml |  | not supported yet: MJML; use .liquid with HTML'],
  ],
  [
    'a variant',
    { 'content/tip/email.en.b.liquid': '' },
    [
      'content/tip/email.en.b.liquid |  | not supported yet: content variants; name it {channel}.{locale}.liquid',
    ],
  ],
  [
    'text without HTML',
    { 'content/tip/email.de.txt': 'x' },
    ['content/tip/email.de.txt |  | has no HTML beside it: add content/tip/email.de.liquid'],
  ],
];

test.each(WRONG)('%s is refused with file, path and reason', (_name, changes, problems) => {
  expect(problemsOf(compileWith(changes))).toEqual(problems);
});

test('all errors of all files come at once', () => {
  const problems = problemsOf(
    compileWith({
      [W]: edit('Europe/Berlin', 'Nowhere'),
      [T]: edit('holdout: 10%\n', ''),
      [C]: edit('Ticket Opened', '{ api: true }'),
      [A]: edit('about: ticket', 'about: weather'),
    }),
  );
  expect(problems).toEqual([
    `${A} | [1].about | must be one of ticket, order`,
    `${C} | enter | not supported yet: api`,
    `${T} | holdout | a marketing journey needs a holdout, such as 10%`,
    `${W} | timezone | unknown time zone 'Nowhere': use an IANA name such as Europe/Berlin`,
  ]);
});

test('whatever the files hold, it is answered and never thrown', () => {
  const path = fc.constantFrom(W, T, C, A, 'content/tip/email.en.liquid', 'content/x', 'a.yaml');
  const key = fc.constantFrom(
    'id',
    'steps',
    'decide',
    'actions',
    'then',
    'wait',
    'until',
    'enter',
    'on',
    'when',
    'goal',
    '__proto__',
  );
  const value = fc.oneof(fc.constantFrom('tips', 'tip', 'tag:tips', '7d', 'exit'), fc.jsonValue());
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small' },
      value,
      fc.array(tie('tree'), { maxLength: 4 }),
      fc.dictionary(key, tie('tree')),
    ),
  }));
  const text = fc.oneof(
    fc.string(),
    tree.map((data) => JSON.stringify(data) ?? ''),
  );
  fc.assert(
    fc.property(path, text, (file, content) => {
      expect(compileWith({ [file]: content })).toHaveProperty('ok');
    }),
    { numRuns: 300 },
  );
});
