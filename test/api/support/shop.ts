import type { BundleFile } from '../../support/bundles.ts';

const WORKSPACE = `
id: aroma
name: Aroma & Söhne
currency: EUR
timezone: Europe/Berlin
locales: [en, de]
spacing: 0s
topics: [tips, new-arrivals]
snooze: [7d, 30d]
personalisation: 2
channels: { sms: { via: webhook, address: phone } }
tickets: { scope: account, cooldown: 48h }
stages:
  - { id: bought, owner: care, when: "count('Order Completed') > 0" }
  - { id: visiting, owner: growth, when: "count('Order Completed') == 0" }
sender: { name: Aroma, email: hello@aroma.example }
`;

const ATTRIBUTES = `
loyalty: { source: crm, party: second, sensitivity: 1, fresh: 30d, fallback: none }
horoscope: { party: third, sensitivity: 3, consent: profiling }
`;

const NEWS = `
id: news
owner: growth
stage: visiting
holdout: 0%
goal: { on: Order Completed, within: 30d, kpi: margin, exit: false }
enter: { on: Signed Up }
exit: [{ after: 60d }]
steps:
  - id: tell
    decide: { actions: [tip], hold: 30d }
  - id: rest
    wait: { until: [{ after: 30d }] }
`;

const LETTERS = `
id: letters
class: service
owner: care
enter: { api: true }
key: letter_id
exit: [{ after: 60d }]
steps:
  - id: rest
    wait: { until: [{ after: 30d }] }
`;

const ORDERS = `
id: orders
class: service
owner: care
enter: { on: Order Completed }
key: order_id
exit: [{ after: 3d }]
steps:
  - id: confirm
    decide: { actions: [confirmation] }
`;

const BIRTHDAYS = `
id: birthdays
class: service
owner: care
enter: { date: traits.birthday, at: "09:00", repeat: year }
exit: [{ after: 20h }]
steps: [{ id: rest, wait: { until: [{ after: 10h }] } }]
`;

const SEGMENTS = `
- { id: regulars, when: "count('Order Completed') >= 2" }
`;

const REGULARS = `
id: regulars-care
class: service
owner: care
enter: { segment: regulars, on: enter }
exit: [{ after: 20h }]
steps: [{ id: rest, wait: { until: [{ after: 10h }] } }]
`;

const CALLS = `
id: calls
class: service
owner: care
enter: { on: Call Asked }
exit: [{ after: 7d }]
steps:
  - id: call
    decide: { actions: [call-back], hold: 2d }
`;

const ACTIONS = `
- id: call-back
  class: service
  mode: human
  task: { queue: care, acknowledge: 15m, escalate: [leads], resolve: 4h, outcomes: [done], attach: [timeline] }
- id: tip
  class: marketing
  topic: tips
  channels: [email]
  eligible: "!has(traits.loyalty) || traits.loyalty != 'lost'"
- { id: arrivals, class: marketing, topic: new-arrivals, channels: [sms] }
- id: confirmation
  class: transactional
  channels: [email]
`;

const CONTENT = '---\nsubject: Hello\n---\n<p>Hello</p>';

/** A small shop with every choice that customers have. */
export const shop = (): BundleFile[] => shopOf('aroma');

/** The same shop as another brand. */
export function shopOf(workspace: string): BundleFile[] {
  return [
    { path: 'workspace.yaml', text: WORKSPACE.replace('id: aroma', `id: ${workspace}`) },
    { path: 'attributes.yaml', text: ATTRIBUTES },
    { path: 'journeys/news.yaml', text: NEWS },
    { path: 'journeys/letters.yaml', text: LETTERS },
    { path: 'journeys/orders.yaml', text: ORDERS },
    { path: 'journeys/calls.yaml', text: CALLS },
    { path: 'journeys/birthdays.yaml', text: BIRTHDAYS },
    { path: 'journeys/regulars.yaml', text: REGULARS },
    { path: 'segments.yaml', text: SEGMENTS },
    { path: 'actions/all.yaml', text: ACTIONS },
    { path: 'content/arrivals/sms.en.txt', text: 'New beans are in.' },
    { path: 'content/tip/email.en.liquid', text: CONTENT },
    { path: 'content/confirmation/email.en.liquid', text: CONTENT },
  ];
}
