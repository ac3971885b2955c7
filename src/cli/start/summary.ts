import type { DevFile } from '../../dev/dev-file.ts';

/** The text that `npm start` prints once everything runs: addresses, and two calls to try. */
export function formatStartSummary(dev: DevFile, keysFile: string): string {
  const rows = [
    ['Console', `${dev.url}/console/`],
    ['API', dev.url],
    ['API docs', `${dev.url}/docs`],
    ['Mailbox', new URL('/', dev.mailboxUrl).href],
    ['Temporal', dev.temporalAddress],
    ...(dev.temporalUiUrl ? [['Temporal UI', dev.temporalUiUrl]] : []),
    ['Database', withoutPassword(dev.databaseUrl)],
    ['Keys', keysFile],
    ['Web pages', `send with the browser key ${dev.browserKey}`],
    ['Logs', '.throughline/logs'],
  ].map(([name, value]) => `  ${name?.padEnd(12)}${value}`);
  return `
Throughline runs.

${rows.join('\n')}

Open the console in a browser, or try it here: send an event of a customer, then read the customer.

  curl -u ${dev.writeKey}: -H 'content-type: application/json' ${dev.url}/v1/track \\
    -d '{"userId": "ada", "event": "Product Viewed", "properties": {"product_id": "espresso"}}'

  curl -H "authorization: Bearer $(node -p "require('./${keysFile}').apiKey")" ${dev.url}/v1/customers/user:ada

  npm run throughline -- tail user:ada

Ctrl-C stops everything. The data stays in .throughline.
`;
}

function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  if (url.password) url.password = '***';
  return url.href;
}
