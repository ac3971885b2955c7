import { expect, test } from 'vitest';
import { compileMjml } from '../../../src/content/mjml/compile.ts';
import { adviseBundle } from '../../../src/definitions/advise/bundle.ts';
import { compileBundle } from '../../../src/definitions/compile/bundle.ts';
import { readBundleDir } from '../../../src/definitions/source/read-directory.ts';
import { AROMA } from '../../support/paths.ts';
import { compileWith, edit, filesWith } from '../bundle-files.ts';

type Changes = Parameters<typeof filesWith>[0];

const W = 'workspace.yaml';
const T = 'journeys/tips.yaml';
const C = 'journeys/care.yaml';
const A = 'actions/all.yaml';
const TIP = 'content/tip/email.en.liquid';
const HELP = 'content/help/email.en.liquid';
const mail = (body: string) => `---\nsubject: x\n---\n${body}`;
/** The small bundle has no link to unsubscribe; here only other advice is of interest. */
const LINKED = { [TIP]: mail('<a href="{{ unsubscribe_url }}">No more</a>') };

function advise(changes: Changes, received: string[] | null = null): string[] {
  const compiled = compileWith({ ...LINKED, ...changes });
  const files = filesWith({ ...LINKED, ...changes });
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  const advice = adviseBundle(files, compiled.bundle, received && new Set(received));
  return advice.map(({ file, path, message }) => `${file} | ${path} | ${message}`);
}

const NO_LINK =
  'a marketing mail without a link to unsubscribe: add {{ unsubscribe_url }} or {{ preferences_url }}';
const TIP_WITH = (more: string) => edit('tags: [tips] }', `tags: [tips], ${more} }`);

test.each<[string, Changes, string[] | null, string[]]>([
  ['a bundle without faults', {}, null, []],
  ['a workspace that received nothing yet', {}, [], []],
  ['events that were received', {}, ['Order Completed'], []],
  [
    'an event that was never received',
    { [T]: edit('goal: { on: Order Completed', 'goal: { on: Machine Sold') },
    ['Order Completed'],
    [`${T} | goal.on | 'Machine Sold' has never been received`],
  ],
  [
    'a misspelt event that the log knows',
    { [C]: edit('exit: [{', 'exit: [Visit Boked, {') },
    ['Order Completed', 'Visit Booked'],
    [`${C} | exit[0] | 'Visit Boked' has never been received; did you mean 'Visit Booked'?`],
  ],
  [
    'a misspelt event in a condition',
    { [T]: edit('has(event.properties.value)', "count('Order Complete', 30) > 1") },
    ['Order Completed'],
    [`${T} | enter.when | 'Order Complete' has never been received; did you mean 'Order Completed'?`],
  ],
  [
    'a misspelt event before anything was received',
    { [T]: edit('enter: { on: Order Completed', 'enter: { on: Ordre Completed') },
    null,
    [`${T} | enter.on | 'Ordre Completed' is not a known event; did you mean 'Order Completed'?`],
  ],
  [
    'a misspelt event of a wait',
    { [T]: edit('{ after: 7d }', '{ on: Ticket Close }, { after: 7d }') },
    null,
    [`${T} | steps[1].wait.until[0].on | 'Ticket Close' is not a known event; did you mean 'Ticket Closed'?`],
  ],
  [
    'an event that a step emits',
    {
      [T]: edit('- { id: again', '- { id: tell, emit: { event: Tip Due } }\n  - { id: again'),
      [C]: edit('exit: [{', 'exit: [Tip Due, {'),
    },
    ['Order Completed'],
    [],
  ],
  [
    'an event that events.yaml does not declare',
    { 'events.yaml': 'Order Refunded: { order_id: string }' },
    null,
    [
      `${T} | goal.on | events.yaml does not declare 'Order Completed': what conditions read of it is not checked`,
    ],
  ],
  [
    'a reward by an outcome that does not exist',
    { [A]: TIP_WITH('reward: { on: Task Resolvd, within: 7d }') },
    null,
    [
      `${A} | [0].reward.on | no sender may send 'Task Resolvd', and Throughline has no such event; did you mean 'Task Resolved'?`,
    ],
  ],
  [
    'a misspelt event of a condition on the name',
    { [T]: edit('has(event.properties.value)', "event.name in ['Order Completed', 'Order Complet']") },
    ['Order Completed'],
    [`${T} | enter.when | 'Order Complet' has never been received; did you mean 'Order Completed'?`],
  ],
  [
    'a misspelt event that a condition compares with',
    {
      [T]: edit(
        'has(event.properties.value)',
        "'Order Complet' != event.name || event.name == 'Order Complete'",
      ),
    },
    ['Order Completed'],
    [
      `${T} | enter.when | 'Order Complet' has never been received; did you mean 'Order Completed'?`,
      `${T} | enter.when | 'Order Complete' has never been received; did you mean 'Order Completed'?`,
    ],
  ],
  [
    'a reward that only placements tell',
    { [A]: TIP_WITH('reward: { on: Action Accepted, within: 7d }') },
    null,
    [`${A} | [0].reward.on | no placement shows 'tip', so nothing reports 'Action Accepted' of it`],
  ],
  [
    'a reward that only people tell',
    { [A]: TIP_WITH('reward: { on: Task Resolved, within: 7d }') },
    null,
    [`${A} | [0].reward.on | no person carries out 'tip', so nothing reports 'Task Resolved' of it`],
  ],
  [
    'a guardrail by tickets',
    { [W]: edit('locales:', 'guardrails: { harms: [ticket] }\nlocales:') },
    null,
    [],
  ],
  [
    'a marketing mail without a link to unsubscribe',
    { [TIP]: mail('<p>Hello') },
    null,
    [
      `${TIP} |  | a marketing mail without a link to unsubscribe: add {{ unsubscribe_url }} or {{ preferences_url }}`,
    ],
  ],
  [
    'a marketing mail that only asks for a link',
    { [TIP]: mail('{% if unsubscribe_url %}See our site{% endif %}') },
    null,
    [`${TIP} |  | ${NO_LINK}`],
  ],
  [
    'a marketing mail with a link in a comment',
    { [TIP]: mail('<!-- {{ unsubscribe_url }} --><p>x</p><!-- {{ preferences_url }}') },
    null,
    [`${TIP} |  | ${NO_LINK}`],
  ],
  [
    'a marketing mail with a link in a condition, after a comment',
    {
      [TIP]: mail(
        '<!-- a --><p>{% if traits.x %}{% assign l = preferences_url %}{% else %}{{ unsubscribe_url }}{% endif %}',
      ),
    },
    null,
    [],
  ],
  [
    'a plain-text part without one',
    { 'content/tip/email.en.txt': 'Hello' },
    null,
    [
      'content/tip/email.en.txt |  | a marketing mail without a link to unsubscribe: add {{ unsubscribe_url }} or {{ preferences_url }}',
    ],
  ],
  [
    'a service mail without one, and with a misspelt variable',
    { [HELP]: mail('{{ trait.firstName }} {% for t in tickets %}{{ t.id }}{% endfor %}') },
    null,
    [`${HELP} |  | unknown variable 'trait' prints nothing; did you mean 'traits'?`],
  ],
  [
    'a variable that no message has',
    { [HELP]: mail('{% if customer.vip %}x{% endif %}') },
    null,
    [`${HELP} |  | unknown variable 'customer' prints nothing`],
  ],
  [
    'a property without its path',
    { [HELP]: mail('{{ event.order_id }} {{ event.propertys.x }} {{ coupon.cod }}') },
    null,
    [
      `${HELP} |  | unknown variable 'event.order_id' prints nothing; write event.properties.order_id`,
      `${HELP} |  | unknown variable 'event.propertys' prints nothing; did you mean 'properties'?`,
      `${HELP} |  | unknown variable 'coupon.cod' prints nothing; did you mean 'code'?`,
    ],
  ],
  [
    'a name that leaves a hole in a sentence where it is missing',
    {
      [HELP]: mail(
        'Hello {{ traits.firstName }}, <b>{{traits.plan|upcase}}</b> is your {{ traits.plan | upcase }}!',
      ),
    },
    null,
    [
      `${HELP} |  | a sentence has a hole where 'firstName' is missing: write {{ traits.firstName | default: '…' }}`,
      `${HELP} |  | a sentence has a hole where 'plan' is missing: write {{ traits.plan | default: '…' }}`,
    ],
  ],
  [
    'nothing of a name with a default or a condition',
    {
      [HELP]: mail(
        "Hello {{ traits.firstName | default: 'there' }}, {% if traits.plan %}on {{ traits.plan }}.{% endif %} {{ traits.city }}",
      ),
    },
    null,
    [],
  ],
])('applying warns: %s', (_name, changes, received, advice) => {
  expect(advise(changes, received).sort()).toEqual(advice.sort());
});

test('what the workspace lets browser keys state', () => {
  const text = (file: string) => `${file}browserKeys: { mayState: [tickets, addresses] }\n`;
  expect(advise({ [W]: text })).toEqual([
    'workspace.yaml | browserKeys.mayState[0] | everybody who reads a browser key in a page can open and close tickets, which silence marketing: send tickets with a write key from a server',
    'workspace.yaml | browserKeys.mayState[1] | everybody who reads a browser key in a page can redirect the messages of a customer: send addresses with a write key from a server',
  ]);
  expect(advise({})).toEqual([]);
});

test('the example gives no cause for advice', async () => {
  const files = await compileMjml(await readBundleDir(AROMA));
  const compiled = compileBundle(files, null, 0);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.errors));
  expect(adviseBundle(files, compiled.bundle, null)).toEqual([]);
});
