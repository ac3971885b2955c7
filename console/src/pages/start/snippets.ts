/** The ways to send the first event that the page shows. */
export const SNIPPETS = ['curl', 'node', 'browser'] as const;
export type Snippet = (typeof SNIPPETS)[number];

/** What stands where a key belongs, until there is one. */
export const PLACEHOLDER = 'YOUR_WRITE_KEY';

/** Which kind of key a snippet has: pages show theirs to everybody. */
export const keyKindOf = (snippet: Snippet): 'write' | 'browser' =>
  snippet === 'browser' ? 'browser' : 'write';

/** Code that sends an order, to copy. */
export function writeSnippet(snippet: Snippet, url: string, key: string): string {
  switch (snippet) {
    case 'curl':
      return `curl -u '${key}:' ${url}/v1/track \\
  -H 'content-type: application/json' -d '{
    "userId": "helen", "event": "Order Completed",
    "properties": { "order_id": "o-1", "total": 412 },
    "context": { "traits": { "email": "helen@example.com" } }
  }'`;
    case 'node':
      return `import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({ writeKey: '${key}', host: '${url}' });
analytics.track({
  userId: 'helen',
  event: 'Order Completed',
  properties: { order_id: 'o-1', total: 412 },
});`;
    case 'browser':
      return `import { AnalyticsBrowser } from '@segment/analytics-next';

const analytics = AnalyticsBrowser.load({ writeKey: '${key}', cdnURL: '${url}' });
analytics.track('Product Viewed', { product_id: 'espresso-machine' });`;
  }
}
