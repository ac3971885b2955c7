import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WEBHOOK_KIND_IDS } from '../../../src/sources/webhooks/kinds.ts';
import { compileWith, edit, type filesWith, problemsOf } from '../bundle-files.ts';

type Changes = Parameters<typeof filesWith>[0];

const W = 'workspace.yaml';
const T = 'journeys/tips.yaml';
const C = 'journeys/care.yaml';
const A = 'actions/all.yaml';
const ENTER = 'enter: { on: Order Completed, when: "has(event.properties.value)" }';
const WEEK = '{ id: week, wait: { until: [{ after: 7d }] } }';

type Wrong = [name: string, changes: Changes, problems: string[]];
const SEGMENTS = { 'segments.yaml': `{ frequent: "count('Order Completed', 30) > 3" }` };

/** Mistakes in a bundle, each with all problems that compiling reports. */
const WRONG: Wrong[] = [
  ['no workspace', { [W]: null }, [`${W} |  | is missing: a bundle needs one`]],
  [
    'YAML syntax',
    { [T]: 'id: tips\nsteps: [\n' },
    [
      `${T} |  | YAML, line 3: Flow sequence in block collection must be sufficiently indented and end with a ]`,
    ],
  ],
  [
    'a duplicate key',
    { [W]: (text) => `${text}id: other\n` },
    [`${W} |  | YAML, line 10: Map keys must be unique`],
  ],
  ['an empty file', { [T]: '# nothing yet\n' }, [`${T} |  | contains no journey`]],
  [
    'a file of unknown kind',
    { 'notes.yaml': 'a: 1' },
    [
      'notes.yaml |  | unknown file: expected workspace.yaml, journeys/*.yaml, actions/*.yaml, or segments, placements, attributes, events, catalogue, cms, sources or group.yaml',
    ],
  ],

  [
    'unknown key',
    { [W]: edit('currency:', 'curency: EUR\ncurrency:') },
    [`${W} |  | unknown key: curency; did you mean 'currency'?`],
  ],
  ['missing key', { [W]: edit('currency: EUR', '') }, [`${W} | currency | is required`]],
  [
    'a name of two lines',
    { [T]: edit('owner: care', 'name: "Tips\\nfor all"\nowner: care') },
    [`${T} | name | must be one line`],
  ],
  [
    'an empty name',
    { [A]: edit('id: tip,', 'id: tip, name: " ",') },
    [`${A} | [0].name | must not be empty`],
  ],
  [
    'a percentage without its sign',
    { [T]: edit('holdout: 10%', 'holdout: 10') },
    [`${T} | holdout | must be a percentage such as 10%`],
  ],
  [
    'a duration without its unit',
    { [W]: edit('currency:', 'spacing: 24\ncurrency:') },
    [`${W} | spacing | must be a duration such as 90s, 15m, 2h, 3d or 2w`],
  ],
  ...['$', 'XYZ', 'Dollar', '""'].map(
    (name): Wrong => [
      `the currency ${name}`,
      { [W]: edit('currency: EUR', `currency: ${name}`) },
      [`${W} | currency | must be a currency code such as EUR`],
    ],
  ),
  [
    'a zone without a name',
    { [W]: edit('Europe/Berlin', '"+02:00"') },
    [`${W} | timezone | unknown time zone '+02:00': use an IANA name such as Europe/Berlin`],
  ],
  [
    'a currency that is a number',
    { [W]: edit('currency: EUR', 'currency: 978') },
    [`${W} | currency | must be a currency code such as EUR`],
  ],
  [
    'a condition that is no text',
    { [C]: edit('exit: [', 'exit: [{ when: true }, ') },
    [`${C} | exit[0].when | must be a CEL expression: put it in quotes`],
  ],
  [
    'a misspelt key of an inner mapping',
    { [T]: edit('within: 90d', 'wihtin: 90d') },
    [`${T} | goal.within | is required`, `${T} | goal | unknown key: wihtin; did you mean 'within'?`],
  ],
  [
    'a misspelt key of a step',
    { [T]: edit('after: 7d', 'aftr: 7d') },
    [
      `${T} | steps[1].wait.until[0] | unknown key: aftr; did you mean 'after'?`,
      `${T} | steps[1].wait.until[0] | needs exactly one of on, when, after, at, date; it has none`,
    ],
  ],
  [
    'a misspelt choice',
    { [C]: edit('class: service', 'class: servcie') },
    [`${C} | class | must be one of marketing, service; did you mean 'service'?`],
  ],
  [
    'a misspelt tag',
    { [T]: edit('tag:tips', 'tag:tip') },
    [`${T} | steps[0].decide.actions[0] | no action carries the tag 'tip'; did you mean 'tips'?`],
  ],
  [
    'a misspelt function',
    { [T]: edit('has(event.properties.value)', "cuont('Order Completed') > 1") },
    [
      `${T} | enter.when | CEL: found no matching overload for 'cuont(string)' (did you mean 'count'?), at character 1 of: cuont('Order Completed') > 1`,
    ],
  ],
  [
    'a misspelt filter',
    { 'content/tip/email.en.liquid': '---\nsubject: x\n---\n{{ 1 | mony }}' },
    ["content/tip/email.en.liquid |  | Liquid: undefined filter: mony, line:4, col:1; did you mean 'money'?"],
  ],
  ['wrong type', { [W]: edit('name: Shop', 'name: 12') }, [`${W} | name | must be text`]],
  [
    'unknown zone',
    { [W]: edit('Europe/Berlin', 'Europe/Bonn') },
    [`${W} | timezone | unknown time zone 'Europe/Bonn': use an IANA name such as Europe/Berlin`],
  ],
  [
    'quiet hours with equal ends',
    { [W]: edit('"08:00"', '"21:00"') },
    [`${W} | quiet | from and to are the same: use two different times, or remove quiet`],
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
    'a line break in a header',
    { [W]: edit('{ name: Shop,', '{ name: "Shop\\r\\nBcc: x",') },
    [`${W} | sender.name | must be one line`],
  ],
  [
    "another address in the sender's name",
    { [W]: edit('{ name: Shop,', '{ name: "Bank <ceo@bank.example>",') },
    [
      `${W} | sender.name | must not contain an address: mail programs show it in the place of the sender's own`,
    ],
  ],
  [
    "a sender's name that mail programs decode",
    { [W]: edit('{ name: Shop,', '{ name: "=?utf-8?B?Y2VvQGJhbmsuZXhhbXBsZQ==?=",') },
    [
      `${W} | sender.name | must not contain an address: mail programs show it in the place of the sender's own`,
    ],
  ],
  [
    "a sender's name that is shown from right to left",
    { [W]: edit('{ name: Shop,', '{ name: "Shop\\u202e",') },
    [`${W} | sender.name | must not turn the direction of its text`],
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
      `${T} | goal.kpi | 'email_opens' does not measure success: name what the customer or the business gains, such as repeat_rate`,
    ],
  ],
  [
    'E-4: clicks',
    { [T]: edit('repeat_rate', 'click-rate') },
    [
      `${T} | goal.kpi | 'click-rate' does not measure success: name what the customer or the business gains, such as repeat_rate`,
    ],
  ],
  ['holdout above 100 %', { [T]: edit('10%', '110%') }, [`${T} | holdout | must be at most 100%`]],
  [
    'a service journey with a holdout',
    { [C]: edit('class: service', 'class: service\nholdout: 5%') },
    [`${C} | holdout | a service journey has no holdout: remove it`],
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
    're-entry',
    { [T]: (text) => `${text}reenter: sometimes\n` },
    [`${T} | reenter | must be one of never, always`],
  ],

  [
    'unknown action',
    { [C]: edit('{ actions: [help] }', '{ actions: [halp] }') },
    [
      `${C} | steps[1].decide.actions[0] | unknown action 'halp': define it in actions/, or use tip, help, call; did you mean 'help'?`,
    ],
  ],
  [
    'a tag without actions',
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
    [`${T} | steps[2].goto | unknown step 'top': use tip, week, again, exit; did you mean 'tip'?`],
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
    [`${T} | steps[1] | needs exactly one of decide, wait, branch, set, emit, goto, exit; it has none`],
  ],
  [
    'a step of two kinds',
    { [T]: edit('goto: tip', 'goto: tip, exit: done') },
    [
      `${T} | steps[2] | needs exactly one of decide, wait, branch, set, emit, goto, exit; it has goto and exit`,
    ],
  ],
  [
    'cycle without a wait',
    { [T]: edit(WEEK, '{ id: week, branch: [{ when: "now > event.at", next: again }] }') },
    [
      `${T} | steps[0] | steps loop without a wait: tip → week → again → tip; add a wait with after, at or on`,
    ],
  ],
  [
    'cycle through a wait for a state',
    { [T]: edit('{ after: 7d }', '{ when: "!suppressed.marketing" }') },
    [
      `${T} | steps[0] | steps loop without a wait: tip → week → again → tip; add a wait with after, at or on`,
    ],
  ],
  [
    'cycle through a wait that looks back',
    { [T]: edit('[{ after: 7d }]', '[{ after: 7d }], since: enter') },
    [
      `${T} | steps[0] | steps loop without a wait: tip → week → again → tip; add a wait with after, at or on`,
    ],
  ],
  [
    'else that is not last',
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
    [
      `${T} | enter.when | CEL: Unknown variable: evnt (did you mean 'event'?), at character 1 of: evnt.name == 'x'`,
    ],
  ],
  [
    'CEL type',
    { [T]: edit('has(event.properties.value)', 'event.name == 3') },
    [`${T} | enter.when | CEL: no such overload: string == int, at character 1 of: event.name == 3`],
  ],
  [
    'CEL that is not a boolean',
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
    'an unknown channel',
    { [A]: edit('tags: [tips]', 'tags: [tips], channels: [pigeon]') },
    [
      `${A} | [0].channels[0] | unknown channel 'pigeon': use email, agent_desk, or declare it under channels in workspace.yaml`,
    ],
  ],
  [
    'an automatic action through a desk',
    {
      [W]: (text) => `${text}channels: { shop_floor: { via: desk } }\n`,
      [A]: edit('tags: [tips]', 'tags: [tips], channels: [shop_floor]'),
    },
    [`${A} | [0].channels[0] | shop_floor needs mode: human`],
  ],
  [
    'a declared channel without content',
    {
      [W]: (text) => `${text}channels: { sms: { via: webhook, address: phone } }\n`,
      [A]: edit('tags: [tips]', 'tags: [tips], channels: [email, sms]'),
    },
    [`${A} | [0].channels[1] | no content for sms: add content/tip/sms.en.txt`],
  ],
  [
    'HTML for a text channel',
    {
      [W]: (text) => `${text}channels: { sms: { via: webhook, address: phone } }\n`,
      'content/tip/sms.en.liquid': '---\nsubject: x\n---\n',
    },
    ['content/tip/sms.en.liquid |  | sms is plain text: name it sms.en.txt'],
  ],
  [
    'a human action by e-mail',
    { [A]: edit('mode: human', 'mode: human, channels: [email]') },
    [
      `${A} | [2].channels[0] | mode human goes through agent_desk, or a channel via desk`,
      `${A} | [2].channels[0] | no content for email: add content/call/email.en.liquid`,
    ],
  ],
  [
    'reserved id',
    {
      [A]: (text) =>
        `${text}- { id: nothing, class: service, mode: human, task: { queue: q, acknowledge: 1m, resolve: 1h, outcomes: [expired] } }\n`,
    },
    [
      `${A} | [3].id | 'nothing' is a reserved word in then and next: choose another id`,
      `${A} | [3].task.outcomes[0] | 'expired' is an outcome that Throughline sets: choose another id`,
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
    ['content/tip/email.en.liquid |  | Liquid: tag {% if a %} not closed, line:4, col:1'],
  ],
  [
    'unknown filter',
    { 'content/tip/email.en.liquid': '---\nsubject: "{{ a | shout }}"\n---\n' },
    ['content/tip/email.en.liquid |  | Liquid: undefined filter: shout, line:2, col:1'],
  ],
  [
    'a tag that reads files',
    { 'content/tip/email.en.liquid': '---\nsubject: x\n---\n{% include "/etc/passwd" %}' },
    ['content/tip/email.en.liquid |  | Liquid: tag "include" not found, line:4, col:1'],
  ],
  [
    'no subject',
    { 'content/tip/email.en.liquid': '<p>Hello</p>' },
    ['content/tip/email.en.liquid |  | must begin with front matter: ---, subject: …, ---'],
  ],
  [
    'MJML that was not compiled',
    { 'content/tip/email.de.mjml': '' },
    ['content/tip/email.de.mjml |  | MJML: has not been compiled'],
  ],
  [
    'MJML for a channel of plain text',
    {
      'content/tip/push.en.mjml': '',
    },
    [
      'content/tip/push.en.mjml |  | there is no content for push',
      'content/tip/push.en.mjml |  | MJML: has not been compiled',
    ],
  ],
  [
    'a variant without the fallback locale',
    {
      [W]: edit('locales: [en]', 'locales: [en, de]'),
      'content/tip/email.de.b.liquid': '---\nsubject: Tipp\n---\n',
    },
    [
      "content/tip/email.de.b.liquid |  | variant 'b' lacks the fallback locale: add content/tip/email.en.b.liquid",
    ],
  ],
  [
    'variants without the plain file',
    {
      'content/tip/email.en.liquid': null,
      'content/tip/email.en.b.liquid': '---\nsubject: Tip\n---\n',
    },
    [`${A} | [0].channels[0] | no content for email: add content/tip/email.en.liquid`],
  ],
  [
    'a variant called default',
    { 'content/tip/email.en.default.liquid': '---\nsubject: Tip\n---\n' },
    [
      "content/tip/email.en.default.liquid |  | the plain file is the variant 'default': name it email.en.liquid",
    ],
  ],
  [
    'the text of a variant without its HTML',
    { 'content/tip/email.en.b.txt': 'x' },
    ['content/tip/email.en.b.txt |  | the HTML is missing: add content/tip/email.en.b.liquid'],
  ],
  [
    'a content file with too many parts in its name',
    { 'content/tip/email.en.b.c.liquid': '' },
    [
      'content/tip/email.en.b.c.liquid |  | must be named content/{action}/{channel}.{locale}[.{variant}].liquid, .txt or, for e-mail, .mjml',
    ],
  ],

  [
    'a mode of arbitration',
    { [W]: (text) => `${text}arbitration: { mode: best }\n` },
    [`${W} | arbitration.mode | must be one of uplift, pcvl`],
  ],
  [
    'an unknown factor',
    { [W]: (text) => `${text}arbitration: { off: [luck] }\n` },
    [`${W} | arbitration.off[0] | must be one of propensity, value, context, lever, cost, fatigue`],
  ],
  [
    'a factor twice',
    { [W]: (text) => `${text}arbitration: { off: [cost, cost] }\n` },
    [`${W} | arbitration.off[1] | 'cost' is listed twice`],
  ],
  [
    'a negative fatigue',
    { [W]: (text) => `${text}arbitration: { fatigue: -1 }\n` },
    [`${W} | arbitration.fatigue | must be at least 0`],
  ],
  [
    'explore without a percent sign',
    { [W]: (text) => `${text}arbitration: { explore: 0.02 }\n` },
    [`${W} | arbitration.explore | must be a percentage such as 10%`],
  ],
  [
    'an ideal that reads an event',
    { [W]: (text) => `${text}ideal: [{ id: a, when: event.name == 'x' }]\n` },
    [
      `${W} | ideal[0].when | CEL: there is no event here: use facts of the customer, such as traits, orders or count()`,
    ],
  ],
  [
    'a duplicate ideal',
    { [W]: (text) => `${text}ideal: [{ id: a, when: "true" }, { id: a, when: "true", weight: 2 }]\n` },
    [`${W} | ideal[1].id | 'a' is listed twice`],
  ],
  [
    'an ideal without weight',
    { [W]: (text) => `${text}ideal: [{ id: a, when: "true", weight: 0 }]\n` },
    [`${W} | ideal[0].weight | must be more than 0`],
  ],
  [
    'weights of worth that do not sum to 1',
    { [W]: (text) => `${text}worth: { weights: { future: 0.7 } }\n` },
    [`${W} | worth.weights | must sum to 1, not 1.1`],
  ],
  [
    'a horizon that is not whole weeks',
    { [W]: (text) => `${text}worth: { horizon: 365d }\n` },
    [`${W} | worth.horizon | must be whole weeks, such as 52w, and at most 520w`],
  ],
  [
    'warm above hot',
    { [W]: (text) => `${text}worth: { warm: 80 }\n` },
    [`${W} | worth.warm | must be below hot, which is 80`],
  ],
  [
    'an unknown harm',
    { [W]: (text) => `${text}guardrails: { harms: [boredom] }\n` },
    [`${W} | guardrails.harms[0] | must be one of unsubscribe, complaint, ticket, refund`],
  ],
  [
    'a tolerance below 1',
    { [W]: (text) => `${text}guardrails: { tolerance: 0.5 }\n` },
    [`${W} | guardrails.tolerance | must be at least 1`],
  ],
  [
    'the time of sending',
    { [W]: (text) => `${text}sendTime: { fallback: noon }\n` },
    [`${W} | sendTime.fallback | must be a time of day such as "21:00"`],
  ],
  [
    'an unknown autonomy',
    { [W]: (text) => `${text}autonomy: full\n` },
    [`${W} | autonomy | must be one of rules_only, ai_rank, ai_auto`],
  ],
  [
    'a boost beyond its bounds',
    { [A]: edit('tags: [tips]', 'tags: [tips], boost: [{ when: "true", weight: 9 }]') },
    [`${A} | [0].boost[0].weight | must be at most 4`],
  ],
  [
    'a boost that is not a boolean',
    { [A]: edit('tags: [tips]', 'tags: [tips], boost: [{ when: "1.0 + 1.0", weight: 2 }]') },
    [`${A} | [0].boost[0].when | CEL: must be true or false, but is double: 1.0 + 1.0`],
  ],
  [
    'a reason whose code is not lower_snake',
    { [A]: edit('tags: [tips]', 'tags: [tips], mode: human, reasons: { Value-High: "true" }') },
    [`${A} | [0].reasons.Value-High | key Value-High: must be a code such as value_high: a-z, 0-9 and _`],
  ],
  [
    'a reason that is not a boolean',
    {
      [A]: edit(
        'tags: [tips]',
        'tags: [tips], mode: human, task: { queue: q, acknowledge: 1h, resolve: 2h }, reasons: { many: "1.0" }',
      ),
    },
    [`${A} | [0].reasons.many | CEL: must be true or false, but is double: 1.0`],
  ],
  [
    'reasons of an automatic action',
    { [A]: edit('tags: [tips]', 'tags: [tips], reasons: { many: "true" }') },
    [`${A} | [0].reasons | only goes with mode: human`],
  ],
  [
    'a reward with an amount that is not a number',
    {
      [A]: edit('tags: [tips]', `tags: [tips], reward: { on: X, within: 1d, amount: "event.name" }`),
    },
    [`${A} | [0].reward.amount | CEL: must be a number, but is string: event.name`],
  ],
  [
    'a reward by key in a journey without a key',
    { [A]: edit('tags: [tips]', 'tags: [tips], reward: { on: X, within: 1d, match: key }') },
    [`${A} | [0].reward.match | journey 'tips' has no key: use customer, or add a key to the journey`],
  ],
  [
    'an inventory of 0 units',
    { [A]: edit('tags: [tips]', 'tags: [tips], inventory: { units: 0 }') },
    [`${A} | [0].inventory.units | must be at least 1`],
  ],
  [
    'an inventory by week',
    { [A]: edit('tags: [tips]', 'tags: [tips], inventory: { units: 5, per: week }') },
    [`${A} | [0].inventory.per | must be one of month`],
  ],
  [
    'text without HTML',
    { 'content/tip/email.de.txt': 'x' },
    ['content/tip/email.de.txt |  | the HTML is missing: add content/tip/email.de.liquid'],
  ],
  [
    'a declared channel that is built in',
    { [W]: (text) => `${text}channels: { email: { via: webhook } }\n` },
    [`${W} | channels.email | 'email' is built in: remove it`],
  ],
  [
    'the id of a channel',
    { [W]: (text) => `${text}channels: { In-App: { via: webhook } }\n` },
    [`${W} | channels.In-App | key In-App: must be the id of a channel: a-z, 0-9 and _`],
  ],
  [
    'a cap above what decisions count',
    { [W]: (text) => `${text}caps: [{ max: 501, per: 7d }, { max: 501, per: 7d, of: workspace }]\n` },
    [`${W} | caps[0].max | must be at most 500 for one customer`],
  ],
  [
    'a limit above what decisions count',
    { [A]: edit('{ id: help, class: service', '{ id: help, limit: { max: 501 }, class: service') },
    [`${A} | [1].limit.max | must be at most 500`],
  ],
  [
    'a cap of an unknown channel',
    { [W]: (text) => `${text}caps: [{ max: 3, per: 7d, channel: sms }]\n` },
    [
      `${W} | caps[0].channel | unknown channel 'sms': use email, agent_desk, or declare it under channels in workspace.yaml`,
    ],
  ],
  [
    'a cap of a purpose that no action has',
    { [W]: (text) => `${text}caps: [{ max: 3, per: 7d, purpose: surveys }]\n` },
    [`${W} | caps[0].purpose | no action has the purpose 'surveys': use marketing, service`],
  ],
  [
    'a cap of a group without group.yaml',
    { [W]: (text) => `${text}caps: [{ max: 3, per: 7d, of: group }]\n` },
    [`${W} | caps[0].of | there is no group: add group.yaml`],
  ],
  [
    'severity',
    { [W]: (text) => `${text}tickets: { severity: { high: { suppress: [transactional] } } }\n` },
    [`${W} | tickets.severity.high.suppress[0] | must be one of marketing, service`],
  ],
  [
    'personalisation',
    { [W]: (text) => `${text}personalisation: 4\n` },
    [`${W} | personalisation | must be at most 3`],
  ],
  [
    'a stage that reads an event',
    { [W]: edit('owner: care }', `owner: care, when: "event.name == 'x'" }`) },
    [
      `${W} | stages[0].when | CEL: there is no event here: use facts of the customer, such as traits, orders or count()`,
    ],
  ],
  [
    'unknown topic',
    {
      [W]: (text) => `${text}topics: [news]\n`,
      [A]: edit('tags: [tips]', 'tags: [tips], topic: tips'),
    },
    [`${A} | [0].topic | unknown topic 'tips': use news, or add it to topics in workspace.yaml`],
  ],

  [
    'unknown segment in a condition',
    { [A]: edit('tags: [tips]', 'tags: [tips], eligible: "segment(\'vip\')"') },
    [`${A} | [0].eligible | CEL: unknown segment 'vip': define it in segments.yaml`],
  ],
  [
    'unknown segment of an entry',
    { ...SEGMENTS, [T]: edit(ENTER, 'enter: { segment: vip, on: enter }') },
    [`${T} | enter.segment | unknown segment 'vip': define it in segments.yaml, or use frequent`],
  ],
  [
    'unknown segment of a schedule',
    { ...SEGMENTS, [T]: edit(ENTER, 'enter: [{ schedule: "0 9 * * *", where: vip }]') },
    [`${T} | enter[0].where | unknown segment 'vip': define it in segments.yaml, or use frequent`],
  ],
  [
    'segments in a circle',
    { 'segments.yaml': `{ a: "segment('b')", b: "!segment('c')", c: "segment('a') || now > now" }` },
    ['segments.yaml | a | segments that refer to each other in a circle: a → b → c → a'],
  ],
  [
    'a segment that names itself',
    { 'segments.yaml': `[{ id: a, when: "segment('a')" }]` },
    ['segments.yaml | [0].when | segments that refer to each other in a circle: a → a'],
  ],
  [
    'a duplicate segment',
    { 'segments.yaml': '[{ id: a, when: "true" }, { id: a, when: "true" }]' },
    [`segments.yaml | [1].when | duplicate segment id 'a': [0] has it`],
  ],
  [
    'a segment that reads an enrollment',
    { 'segments.yaml': '{ a: has(enrollment.key) }' },
    [
      'segments.yaml | a | CEL: there is no enrollment here: use facts of the customer, such as traits, orders or count()',
    ],
  ],
  [
    'CEL of a segment',
    { 'segments.yaml': '{ a: traits.x > }' },
    ['segments.yaml | a | CEL: Unexpected token: EOF, at character 11 of: traits.x >'],
  ],
  ['an empty file of segments', { 'segments.yaml': '# later\n' }, ['segments.yaml |  | is empty']],
  [
    'an invalid segments.yaml and a condition that names a segment',
    { 'segments.yaml': 'a: 1', [A]: edit('tags: [tips]', 'tags: [tips], eligible: "segment(\'vip\')"') },
    ['segments.yaml | a | must be a CEL expression: put it in quotes'],
  ],

  [
    'C-1: conflicting keys: event and segment',
    { ...SEGMENTS, [T]: edit(ENTER, 'enter: { on: Order Completed, segment: frequent }') },
    [
      `${T} | enter.on | segment and on: Order Completed can't be combined: use on: enter or leave, or enter by event`,
    ],
  ],
  [
    'a segment without a direction',
    { ...SEGMENTS, [T]: edit(ENTER, 'enter: { segment: frequent }') },
    [`${T} | enter.on | is required with segment: enter or leave`],
  ],
  [
    'conflicting keys: schedule and date',
    { [T]: edit(ENTER, 'enter: { schedule: "0 9 * * *", date: traits.birthday }') },
    [`${T} | enter | needs exactly one of on, segment, schedule, date, api; it has schedule and date`],
  ],
  [
    'conflicting keys: backfill of an event',
    { [T]: edit(ENTER, 'enter: { on: Order Completed, backfill: true }') },
    [`${T} | enter.backfill | only goes with segment, but this entry has on`],
  ],
  [
    'conflicting keys: maxAge of a date',
    { [T]: edit(ENTER, 'enter: { date: traits.birthday, maxAge: 1d }') },
    [`${T} | enter.maxAge | only goes with on, but this entry has date`],
  ],
  [
    'conflicting keys: a leap day of a date that comes once',
    { [T]: edit(ENTER, 'enter: { date: traits.birthday, leapDay: mar1 }') },
    [`${T} | enter.leapDay | only goes with repeat: year`],
  ],
  [
    'conflicting keys: a key, and an entry without events',
    {
      ...SEGMENTS,
      [C]: edit('enter: Ticket Opened', 'enter: [Ticket Opened, { segment: frequent, on: enter }]'),
    },
    [
      `${C} | key | an entry by segment has no 'ticket_id': it has no event; remove key, or split this into two journeys`,
    ],
  ],
  [
    'conflicting keys: a key, and a date that is one',
    { [C]: edit('enter: Ticket Opened', 'enter: { date: traits.birthday }') },
    [
      `${C} | key | an entry by date has no 'ticket_id': its date is the key; remove key, or split this into two journeys`,
    ],
  ],
  [
    'an entry of no kind',
    { [T]: edit(ENTER, 'enter: { when: "true" }') },
    [`${T} | enter | needs exactly one of on, segment, schedule, date, api; it has none`],
  ],
  [
    'an API entry that is false',
    { [T]: edit(ENTER, 'enter: { api: false }') },
    [`${T} | enter.api | must be true`],
  ],
  [
    'a date of 31 February',
    { [T]: edit(ENTER, `enter: { date: "'2026-02-31'" }`) },
    [`${T} | enter.date | CEL: '2026-02-31' is not a date: the calendar has no such day`],
  ],
  [
    'a yearly date of 31 February',
    { [T]: edit(ENTER, `enter: { date: "'02-31'", repeat: year }`) },
    [`${T} | enter.date | CEL: '02-31' is not a date: the calendar has no such day`],
  ],
  [
    'an instant of 31 February',
    { [T]: edit('has(event.properties.value)', "now > timestamp('2026-02-31T10:00:00Z')") },
    [
      `${T} | enter.when | CEL: there is no such date: 2026-02-31, at character 7 of: now > timestamp('2026-02-31T10:00:00Z')`,
    ],
  ],
  [
    'a date that is not a date',
    { [T]: edit(ENTER, 'enter: { date: "1 > 2" }') },
    [`${T} | enter.date | CEL: must be a date, but is bool: 1 > 2`],
  ],
  [
    'a schedule of 31 February',
    { [T]: edit(ENTER, 'enter: { schedule: "0 9 31 2 *" }') },
    [`${T} | enter.schedule | cron: Invalid explicit day of month definition: 0 9 31 2 *`],
  ],
  [
    'a schedule at minute 60',
    { [T]: edit(ENTER, 'enter: { schedule: "60 9 * * *" }') },
    [`${T} | enter.schedule | cron: Constraint error, got value 60 expected range 0-59: 60 9 * * *`],
  ],
  ...['@daily', '0 9 * *', '0 0 9 * * 1', '0 9 L * *', 'H 9 * * *', ''].map(
    (cron): Wrong => [
      `a schedule of '${cron}'`,
      { [T]: edit(ENTER, `enter: { schedule: "${cron}" }`) },
      [
        `${T} | enter.schedule | must be five fields of cron: minute hour day month weekday, such as "0 9 * * 1"`,
      ],
    ],
  ),
  [
    'an offset in days and hours',
    { [T]: edit(ENTER, 'enter: { date: traits.birthday, offset: 1d12h }') },
    [`${T} | enter.offset | must be a duration such as 3d, or -60d for sixty days before`],
  ],
  [
    'a negative wait',
    { [T]: edit('after: 7d', 'after: -7d') },
    [`${T} | steps[1].wait.until[0].after | must be a duration such as 90s, 15m, 2h, 3d or 2w`],
  ],
  [
    'weekdays without a time',
    { [T]: edit('{ after: 7d }', '{ after: 7d, days: [mon] }') },
    [`${T} | steps[1].wait.until[0].days | only goes with at`],
  ],
  [
    'an event with for',
    { [T]: edit('{ after: 7d }', '{ on: X, when: "true", for: 3d }') },
    [`${T} | steps[1].wait.until[0].for | only goes with when`],
  ],
  [
    'a time and a date',
    { [T]: edit('{ after: 7d }', '{ at: "09:00", date: traits.birthday }') },
    [`${T} | steps[1].wait.until[0] | needs exactly one of on, when, after, at, date; it has at and date`],
  ],
  [
    'a weekday',
    { [T]: edit('{ after: 7d }', '{ at: "09:00", days: [monday] }') },
    [`${T} | steps[1].wait.until[0].days[0] | must be one of sun, mon, tue, wed, thu, fri, sat`],
  ],
  [
    'shares that do not sum to 100%',
    { [T]: edit(WEEK, '{ id: week, branch: [{ share: 50%, next: tip }, { share: 49.5%, next: exit }] }') },
    [
      `${T} | steps[1].branch | shares must sum to 100%, not 99.5%`,
      `${T} | steps[0] | steps loop without a wait: tip → week → tip; add a wait with after, at or on`,
    ],
  ],
  [
    'shares and conditions',
    { [T]: edit(WEEK, '{ id: week, branch: [{ share: 100%, next: exit }, { else: exit }] }') },
    [`${T} | steps[1].branch | shares divide all customers: move when and else to a separate branch`],
  ],
  [
    'a share without next',
    { [T]: edit(WEEK, '{ id: week, branch: [{ share: 100% }] }') },
    [`${T} | steps[1].branch[0].next | is required with share`],
  ],
  [
    'shares with two salts',
    {
      [T]: edit(
        WEEK,
        '{ id: week, branch: [{ share: 50%, salt: a, next: exit }, { share: 50%, salt: b, next: exit }] }',
      ),
    },
    [`${T} | steps[1].branch | the shares of one branch need the same salt`],
  ],
  [
    'a set of neither vars nor traits',
    { [T]: edit(WEEK, '{ id: week, set: { scores.x: "1" } }') },
    [`${T} | steps[1].set.scores.x | key scores.x: must be vars.x or traits.x`],
  ],
  [
    'C-1: a set of a trait that belongs to another source',
    {
      'attributes.yaml': '{ tier: { source: crm } }',
      [T]: edit(WEEK, `{ id: week, set: { traits.tier: "'gold'" }, next: exit }`),
    },
    [
      `${T} | steps[1].set.traits.tier | attributes.yaml lets only 'crm' set tier: remove this line, or name journey:tips there`,
    ],
  ],
  ...[
    'Ticket Closed',
    'Delivery Sent',
    'Payment Failed',
    'Customer Merged',
    'Group Joined',
    'Segment Entered',
  ].map(
    (name): Wrong => [
      `an emitted '${name}'`,
      { [T]: edit(WEEK, `{ id: week, emit: { event: ${name} }, next: exit }`) },
      [`${T} | steps[1].emit.event | '${name}' is an event that Throughline emits: choose another name`],
    ],
  ),
  [
    'CEL of an emitted property',
    { [T]: edit(WEEK, '{ id: week, emit: { event: X, properties: { a: 1, b: evnt.name } }, next: exit }') },
    [
      `${T} | steps[1].emit.properties.b | CEL: Unknown variable: evnt (did you mean 'event'?), at character 1 of: evnt.name`,
    ],
  ],
  ...[`set: { vars.a: "1" }`, 'emit: { event: X }'].map(
    (step): Wrong => [
      `a cycle over ${step}`,
      { [T]: edit(WEEK, `{ id: week, ${step} }`) },
      [
        `${T} | steps[0] | steps loop without a wait: tip → week → again → tip; add a wait with after, at or on`,
      ],
    ],
  ),
  [
    'a cycle through a date that may be past',
    { [T]: edit('{ after: 7d }', '{ date: traits.birthday }') },
    [
      `${T} | steps[0] | steps loop without a wait: tip → week → again → tip; add a wait with after, at or on`,
    ],
  ],
  [
    'journeys that enter each other without a wait',
    {
      'journeys/a.yaml': `
{ id: a, class: service, owner: care, enter: X, exit: [{ after: 1d }], steps: [{ id: s, emit: { event: Y } }] }
---
{ id: b, class: service, owner: care, enter: Y, exit: [{ after: 1d }], steps: [{ id: s, emit: { event: X } }] }
---
{ id: c, class: service, owner: care, enter: Z, reenter: never, exit: [{ after: 1d }], steps: [{ id: s, emit: { event: Z } }] }
---
{ id: d, class: service, owner: care, enter: V, exit: [{ after: 1d }], steps: [{ id: w, wait: { until: [{ after: 1h }] } }, { id: s, emit: { event: V } }] }
`,
    },
    [
      'journeys/a.yaml | [0].steps | journeys enter each other without end: a → b → a; add a wait before the emit, or set reenter: never',
    ],
  ],
  [
    'autonomy',
    { [T]: edit('hold: 30d', 'autonomy: full') },
    [`${T} | steps[0].decide.autonomy | must be one of rules_only, ai_rank, ai_auto`],
  ],
  [
    'about that is a boolean',
    { [T]: edit('hold: 30d', 'about: "true"') },
    [`${T} | steps[0].decide.about | CEL: must be text, but is bool: true`],
  ],
  [
    'a move to an unknown step',
    { [T]: (text) => `${text}moved: { first: top, week: exit }\n` },
    [
      `${T} | moved.first | unknown step 'top': use tip, week, again, exit; did you mean 'tip'?`,
      `${T} | moved.week | step 'week' still exists: remove this line`,
    ],
  ],
  [
    'versions',
    { [T]: (text) => `${text}versions: freeze\n` },
    [`${T} | versions | must be one of follow, pin`],
  ],

  [
    'a fallback that is never read',
    { 'attributes.yaml': '{ tier: { fallback: none } }' },
    ['attributes.yaml | tier.fallback | is never read: add fresh, the age at which the value is stale'],
  ],
  [
    'sensitivity',
    { 'attributes.yaml': '{ tier: { sensitivity: 7 } }' },
    ['attributes.yaml | tier.sensitivity | must be at most 3'],
  ],
  [
    'a type of a property',
    { 'events.yaml': '{ Order Completed: { value: money } }' },
    ['events.yaml | Order Completed.value | must be one of string, number, boolean, list, map, any'],
  ],
  [
    "a type that can't fit",
    {
      'events.yaml': '{ Order Completed: { value: string } }',
      [T]: edit('has(event.properties.value)', 'event.properties.value > 3.0'),
    },
    [
      `${T} | enter.when | CEL: no such overload: string > double; types are declared in events.yaml: event.properties.value > 3.0`,
    ],
  ],
  [
    'a condition that does not parse, about an event whose types are known',
    {
      'events.yaml': '{ Order Completed: { value: number } }',
      [T]: edit('has(event.properties.value)', 'event.properties.value >'),
      [A]: edit('tags: [tips]', 'tags: [tips], eligible: "event.properties.value >"'),
    },
    [
      `${A} | [0].eligible | CEL: Unexpected token: EOF, at character 25 of: event.properties.value >`,
      `${T} | enter.when | CEL: Unexpected token: EOF, at character 25 of: event.properties.value >`,
    ],
  ],
  [
    "a type that can't fit, in an action",
    {
      'events.yaml': '{ Order Completed: { products: string } }',
      [A]: edit('tags: [tips]', 'tags: [tips], eligible: "event.properties.products.exists(p, p == 1)"'),
    },
    [
      `${A} | [0].eligible | CEL: Expression of type 'string' cannot be range of a comprehension (must be list, map, or dynamic).; types are declared in events.yaml: event.properties.products.exists(p, p == 1)`,
    ],
  ],
  [
    'a source of an unknown kind',
    { 'sources.yaml': '- { id: desk, kind: pigeon }' },
    [`sources.yaml | [0].kind | must be one of ${WEBHOOK_KIND_IDS.join(', ')}`],
  ],
  [
    'two sources with one id',
    { 'sources.yaml': '[{ id: crm, kind: standard-webhooks }, { id: crm, kind: standard-webhooks }]' },
    ["sources.yaml | [1].id | duplicate source id 'crm': [0] has it"],
  ],
  [
    'a source with a secret',
    { 'sources.yaml': '- { id: crm, kind: standard-webhooks, secret: whsec_x }' },
    ['sources.yaml | [0] | unknown key: secret'],
  ],
  [
    'expressions of a source that read what is not there, or are no conditions',
    {
      'sources.yaml': `- id: crm
  kind: standard-webhooks
  customer: { userId: paylod.id, email: "payload.(", externalIds: { "a:b": payload.id } }
- id: loyalty
  kind: mapped
  verify: { token: { header: X-Key } }
  messages: [{ event: A, when: "'text'", messageId: traits.id, properties: { n: payload.n / 2 } }]
`,
    },
    ['sources.yaml | [0].customer.externalIds.a:b | key a:b: must be the name of a system, without a colon'],
  ],
  [
    'expressions of a source, with a right schema',
    {
      'sources.yaml': `- id: crm
  kind: standard-webhooks
  customer: { userId: paylod.id, email: "payload.(" }
- id: loyalty
  kind: mapped
  verify: { token: { header: X-Key } }
  messages: [{ event: A, when: "'text'", messageId: traits.id, properties: { n: payload.n / 2 } }]
`,
    },
    [
      "sources.yaml | [0].customer.userId | CEL: Unknown variable: paylod (did you mean 'payload'?), at character 1 of: paylod.id",
      'sources.yaml | [0].customer.email | CEL: Expected IDENTIFIER, got LPAREN, at character 9 of: payload.(',
      "sources.yaml | [1].messages[0].when | CEL: must be true or false, but is string, at character 1 of: 'text'",
      'sources.yaml | [1].messages[0].messageId | CEL: Unknown variable: traits, at character 1 of: traits.id',
      'sources.yaml | [1].messages[0].properties.n | CEL: numbers in data are doubles: write 2.0, at character 13 of: payload.n / 2',
    ],
  ],
  [
    'a mapped source that says neither how it is verified nor what it means',
    { 'sources.yaml': '- { id: loyalty, kind: mapped }' },
    [
      'sources.yaml | [0] | needs verify: mapped does not know how its sender signs',
      'sources.yaml | [0] | needs messages: mapped does not know what a payload means',
    ],
  ],
  [
    'a track without a name, and a call that has none',
    {
      'sources.yaml': `- id: loyalty
  kind: mapped
  verify: standard-webhooks
  messages: [{ userId: payload.id }, { type: identify, event: A }]
`,
    },
    [
      'sources.yaml | [0].messages[0].event | is required: a track has the name of an event',
      'sources.yaml | [0].messages[1].event | is for a track only: identify has no name',
    ],
  ],
  [
    'a mapping of a kind that reads its own payloads',
    { 'sources.yaml': '- { id: crm, kind: standard-webhooks, otherwise: ignored }' },
    ['sources.yaml | [0].otherwise | is for the kind mapped only: standard-webhooks reads its own payloads'],
  ],
  [
    'a group that does not include this workspace',
    { 'group.yaml': '{ id: house, workspaces: [other], caps: [{ max: 1, per: 1d, of: customer }] }' },
    [
      'group.yaml | workspaces | must include this workspace: add shop',
      'group.yaml | caps[0].of | a cap in group.yaml counts the whole group: remove of, or move the cap to workspace.yaml',
    ],
  ],
  [
    'a budget of a group without group.yaml',
    { [A]: edit('tags: [tips]', 'tags: [tips], budget: { amount: 5, of: group }') },
    [`${A} | [0].budget.of | there is no group: add group.yaml`],
  ],
  [
    'a coupon without validFor',
    { [A]: edit('tags: [tips]', 'tags: [tips], coupon: { percent: 120 }') },
    [
      `${A} | [0].coupon.percent | must be at most 100`,
      `${A} | [0].coupon.validFor | is required`,
      `${A} | [0].coupon.once | is required`,
      `${T} | steps[0].decide.actions[0] | no action carries the tag 'tips'`,
    ].slice(0, 3),
  ],
  [
    'a placement',
    {
      'placements.yaml':
        '[{ id: home, channel: web, actions: [tip, gone], fallback: lost }, { id: home, channel: email, actions: ["tag:tips"], fallback: tip }]',
    },
    [
      `placements.yaml | [1].id | duplicate placement id 'home': placements.yaml has it`,
      `placements.yaml | [0].channel | unknown channel 'web': use email, agent_desk, or declare it under channels in workspace.yaml`,
      `placements.yaml | [0].actions[0] | 'tip' does not have the channel web`,
      `placements.yaml | [0].actions[1] | unknown action 'gone': define it in actions/, or use tip, help, call`,
      `placements.yaml | [0].fallback | unknown action 'lost': define it in actions/`,
    ],
  ],
];

test.each(WRONG)('%s is refused with file, path and reason', (_name, changes, problems) => {
  expect(problemsOf(compileWith(changes))).toEqual(problems);
});

test('whether a property is null may be asked of every declared type', () => {
  const asked = ['text', 'count', 'isGift', 'items', 'card'].map(
    (name) => `event.properties.${name} == null`,
  );
  const compiled = compileWith({
    'events.yaml':
      '{ Order Completed: { text: string, count: number, isGift: boolean, items: list, card: map, value: number } }',
    [T]: edit('has(event.properties.value)', `${asked.join(' || ')} || event.properties['value'] != null`),
  });
  expect(problemsOf(compiled)).toEqual([]);
});

test('reports all errors of all files at once', () => {
  const problems = problemsOf(
    compileWith({
      [W]: edit('Europe/Berlin', 'Nowhere'),
      [T]: edit('holdout: 10%\n', ''),
      [C]: edit('Ticket Opened', '{ api: false }'),
      [A]: edit('about: ticket', 'about: weather'),
    }),
  );
  expect(problems).toEqual([
    `${A} | [1].about | must be one of ticket, order`,
    `${C} | enter.api | must be true`,
    `${T} | holdout | a marketing journey needs a holdout, such as 10%`,
    `${W} | timezone | unknown time zone 'Nowhere': use an IANA name such as Europe/Berlin`,
  ]);
});

test('compiling any text never throws', () => {
  const path = fc.constantFrom(
    ...[
      W,
      T,
      C,
      A,
      'segments.yaml',
      'placements.yaml',
      'events.yaml',
      'attributes.yaml',
      'sources.yaml',
      'group.yaml',
    ],
    ...['content/tip/email.en.liquid', 'content/x', 'a.yaml'],
  );
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
