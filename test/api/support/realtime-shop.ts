import type { BundleFile } from '../../support/bundles.ts';

const WORKSPACE = `
id: aroma
name: Aroma
currency: EUR
timezone: Europe/Berlin
locales: [en, de]
spacing: 0s
caps: [{ max: 3, per: 7d }]
quiet: { from: "00:00", to: "23:59", classes: [marketing] }
channels:
  web: { via: webhook }
  ivr: { via: webhook }
  chat: { via: webhook }
  sms: { via: webhook, address: phone }
sender: { name: Aroma, email: hello@aroma.example }
`;

const PLACEMENTS = `
- { id: web-home, channel: web, actions: ["tag:web"], limit: 3, ttl: 10m, deadline: 2s, fallback: story }
- { id: web-side, channel: web, actions: [refill, tip], deadline: 2s, fallback: imprint }
- { id: ivr-main, channel: ivr, actions: [connect, order-status, menu], deadline: 2s, fallback: menu }
- { id: chat, channel: chat, actions: [chat-help, chat-tip], deadline: 2s, fallback: chat-hello }
- { id: texts, channel: sms, actions: [text-tip], deadline: 2s, fallback: imprint }
`;

const ACTIONS = `
- { id: story, class: marketing, tags: [web], channels: [web], priority: 1 }
- id: tip
  class: marketing
  tags: [web]
  channels: [web]
  priority: 2
  suitable: "count('Action Rejected') == 0"
  reward: { on: Order Completed, within: 7d }
- id: refill
  class: marketing
  tags: [web]
  channels: [web]
  priority: 3
  applicable: "count('Order Completed') > 0"
  limit: { max: 1, every: 30d }
- { id: imprint, class: service, channels: [web] }
- { id: connect, class: service, about: ticket, channels: [ivr], priority: 3, applicable: tickets.size() > 0 }
- { id: order-status, class: service, about: order, channels: [ivr], priority: 2, applicable: "count('Order Completed') > 0" }
- { id: menu, class: service, channels: [ivr], priority: 1 }
- { id: chat-help, class: service, about: ticket, channels: [chat], priority: 1, applicable: tickets.size() > 0 }
- { id: chat-tip, class: marketing, channels: [chat], priority: 2, value: "count('Action Clicked') > 0 ? 2 : 1" }
- { id: chat-hello, class: service, channels: [chat] }
- { id: text-tip, class: marketing, channels: [sms] }
- { id: letter, class: marketing, channels: [web] }
`;

const LETTERS = `
id: letters
owner: growth
holdout: 0%
goal: { on: Order Completed, within: 30d, kpi: margin, exit: false }
enter: { on: Letter Asked }
exit: [{ after: 60d }]
steps:
  - id: tell
    decide: { actions: [letter], hold: 30d }
  - id: rest
    wait: { until: [{ after: 30d }] }
`;

/** A shop with real-time placements: pages, chat, telephone. */
export function localShop(workspace = 'aroma', more = ''): BundleFile[] {
  const texts = ['story', 'refill', 'imprint', 'letter'].map((id) => [id, 'web', `The ${id}`] as const);
  const spoken = ['connect', 'order-status', 'menu'].map((id) => [id, 'ivr', `The ${id}`] as const);
  const chatActions = ['chat-help', 'chat-tip', 'chat-hello'].map((id) => [id, 'chat', `The ${id}`] as const);
  const named = ['tip', 'web', "A tip for {{ traits.firstName | default: 'you' }}"] as const;
  const content = [...texts, named, ...spoken, ...chatActions, ['text-tip', 'sms', 'Tip'] as const];
  return [
    { path: 'workspace.yaml', text: WORKSPACE.replace('id: aroma', `id: ${workspace}`) + more },
    { path: 'placements.yaml', text: PLACEMENTS },
    { path: 'actions/all.yaml', text: ACTIONS },
    { path: 'journeys/letters.yaml', text: LETTERS },
    ...content.map(([id, channel, text]) => ({ path: `content/${id}/${channel}.en.txt`, text })),
  ];
}

/** A placement for a shop without any: `web-home`, which shows `note`. */
export const PLACEMENT: BundleFile[] = [
  { path: 'placements.yaml', text: '- { id: web-home, channel: sms, actions: [note], fallback: note }' },
  { path: 'actions/note.yaml', text: '- { id: note, class: service, channels: [sms] }' },
  { path: 'content/note/sms.en.txt', text: 'A note' },
];
