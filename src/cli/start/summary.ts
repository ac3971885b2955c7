import type { DevFile } from '../../dev/dev-file.ts';

/** What is shown once everything runs: where it is, and what to try. */
export function formatStartSummary(dev: DevFile, keysFile: string): string {
  const places = [
    ['API', dev.url],
    ['API docs', `${dev.url}/docs`],
    ['Mailbox', new URL('/', dev.mailboxUrl).href],
    ['Temporal', dev.temporalAddress],
    ['Database', withoutPassword(dev.databaseUrl)],
    ['Keys', keysFile],
    ['Logs', '.throughline/logs'],
  ].map(([name, place]) => `  ${name?.padEnd(10)}${place}`);
  return `
Throughline runs.

${places.join('\n')}

Try it: tell it what a customer did, then look at the customer.

  curl -u ${dev.writeKey}: -H 'content-type: application/json' ${dev.url}/v1/track \\
    -d '{"userId": "ada", "event": "Product Viewed", "properties": {"product_id": "espresso"}}'

  curl -H "authorization: Bearer $(node -p "require('./${keysFile}').apiKey")" ${dev.url}/v1/customers/user:ada

Ctrl-C stops everything; what happened is kept in .throughline.
`;
}

function withoutPassword(databaseUrl: string): string {
  const url = new URL(databaseUrl);
  if (url.password) url.password = '***';
  return url.href;
}
