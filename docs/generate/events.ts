import { readFileSync } from 'node:fs';
import path from 'node:path';
import { CALL_NAMES, EVENT } from '../../src/domain/event.ts';
import { ROOT, renderTable } from './text.ts';

const FILE = 'src/domain/event.ts';

/** The comment on each line of `EVENT`: `ticketOpened: 'Ticket Opened', // comment` or a TSDoc above it. */
function readComments(): Map<string, string> {
  const text = readFileSync(path.join(ROOT, FILE), 'utf8');
  const body = /export const EVENT = \{([\s\S]*?)\n\} as const/.exec(text)?.[1] ?? '';
  const entries = body.matchAll(/\/\*\* (.*?) \*\/\s*(\w+): '/g);
  return new Map([...entries].map(([, comment, key]) => [key as string, comment as string]));
}

/** `docs/reference/events.md`, from the names in the domain. */
export function renderEvents(): string {
  const comments = readComments();
  const rows = Object.entries(EVENT).map(([key, name]) => {
    const comment = comments.get(key);
    if (!comment) throw new Error(`describe the event ${key} in ${FILE}, in one line of /** … */`);
    return [`\`${name}\``, comment];
  });
  const calls = Object.entries(CALL_NAMES).map(([call, name]) => [`\`${call}\``, `\`${name}\``]);
  return `# Events

Events with a meaning of their own. Every other \`track\` event has the name that its sender gives it. Names are never
changed once they are released, because they are stored in logs and used in bundles.

\`npm run docs\` writes this page from \`${FILE}\`.

${renderTable(['Event', 'Meaning'], rows)}

The calls of Segment's contract other than \`track\` have a fixed name, so that a trigger can name them:

${renderTable(['Call', 'Event'], calls)}
`;
}
