import type { BundleFile } from '../../support/bundles.ts';

const WORKSPACE = `
id: aroma
name: Aroma
currency: EUR
timezone: Europe/Berlin
locales: [en]
spacing: 0s
caps: []
autonomy: ai_auto
arbitration: { explore: 0% }
stages:
  - { id: buyer, owner: crm, when: "count('Order Completed') > 0" }
  - { id: visitor, owner: crm, when: "count('Order Completed') == 0" }
channels:
  web: { via: webhook }
  chat: { via: webhook }
sender: { name: Aroma, email: hello@aroma.example }
`;

const PLACEMENTS = `
- { id: home, channel: web, actions: [spring, summer, autumn], limit: 3, deadline: 2s, fallback: imprint }
- { id: help, channel: web, actions: [spring, imprint], limit: 2, deadline: 2s, fallback: imprint }
- { id: ranked, channel: web, actions: [spring, summer], autonomy: ai_rank, deadline: 2s, fallback: imprint }
`;

const REWARD = 'reward: { on: Order Completed, within: 7d }';
const ACTIONS = `
- { id: spring, class: marketing, channels: [web, chat], value: "20.0", cost: "0.5", ${REWARD} }
- { id: summer, class: marketing, channels: [web, chat], value: "20.0", cost: "0.5", ${REWARD} }
- { id: autumn, class: marketing, channels: [web], value: "20.0", cost: "0.5", reward: { on: Link Clicked, within: 1d } }
- { id: imprint, class: service, channels: [web] }
`;

const OFFERS = `
id: offers
owner: crm
holdout: 0%
goal: { on: Order Completed, within: 30d, kpi: margin, exit: false }
enter: { on: Offer Asked }
exit: [{ after: 60d }]
steps:
  - id: pick
    decide: { actions: [spring, summer], hold: 30d }
  - id: rest
    wait: { until: [{ after: 30d }] }
`;

/** A shop where a model chooses the action, the channel, or nothing. */
export function learningShop(): BundleFile[] {
  const content = ['spring', 'summer'].flatMap((id) => [
    `content/${id}/web.en.txt`,
    `content/${id}/chat.en.txt`,
  ]);
  const paths = [...content, 'content/autumn/web.en.txt', 'content/imprint/web.en.txt'];
  return [
    { path: 'workspace.yaml', text: WORKSPACE },
    { path: 'placements.yaml', text: PLACEMENTS },
    { path: 'actions/all.yaml', text: ACTIONS },
    { path: 'journeys/offers.yaml', text: OFFERS },
    ...paths.map((path) => ({ path, text: `Says ${path}` })),
  ];
}
