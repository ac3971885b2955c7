import { type BundleFile, readBundleDir, replaceInFile, treatEveryCustomer } from '../support/bundles.ts';
import { AROMA } from '../support/paths.ts';

/**
 * The example, changed so that marketing competes with tickets, withdrawals and pauses within a short run: no holdouts and
 * quiet hours, nothing between two messages, and a teaser for every `Offer Asked`. The caps of the example apply to it.
 */
export async function readChaosBundle(): Promise<BundleFile[]> {
  const files = treatEveryCustomer(await readBundleDir(AROMA));
  const withoutSpacing = replaceInFile('workspace.yaml', /^spacing: .*$/m, 'spacing: 0s')(files);
  const withShortCooldown = replaceInFile(
    'workspace.yaml',
    'minor: { cooldown: 12h }',
    'minor: { cooldown: 1s }',
  )(withoutSpacing);
  return [
    ...withShortCooldown,
    { path: 'journeys/teaser.yaml', text: TEASER_JOURNEY },
    { path: 'actions/teaser.yaml', text: TEASER_ACTION },
    { path: 'content/teaser/email.en.liquid', text: TEASER_MAIL },
    { path: 'content/teaser/sms.en.txt', text: 'Your offer {{ event.properties.offer_id }}.' },
  ];
}

const TEASER_JOURNEY = `
id: teaser
owner: crm
stage: loyalty
holdout: 0%
goal: { on: Order Completed, within: 30d, kpi: margin, exit: false }
enter: Offer Asked
key: offer_id
exit: [{ after: 30d }]
steps:
  - id: tease
    decide: { actions: [teaser], hold: 20d }
`;

const TEASER_ACTION = `
- id: teaser
  class: marketing
  topic: offers
  channels: [email, sms]
  priority: 20
  limit: { max: 1, per: key }
`;

const TEASER_MAIL = `---
subject: "Your offer"
---
<p>Your offer {{ event.properties.offer_id }}.</p>
{% if unsubscribe_url %}<a href="{{ unsubscribe_url }}">No more of these</a>{% endif %}
`;
