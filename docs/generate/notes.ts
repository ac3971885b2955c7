import { NOTES } from '../../src/domain/note.ts';
import { wrapText } from './text.ts';

/** `docs/reference/notes.md`, from the codes in the domain. */
export function renderNotes(): string {
  const lines = Object.entries(NOTES)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([code, meaning]) => wrapText(`- \`${code}\`: ${meaning}`, '  '));
  return `# Notes

What is sent and cannot be read is kept in the log as sent, and nothing is guessed in its place. A note says so: in the
timeline of the customer, at the event, and in \`GET /v1/event-notes\`, which counts notes by code, field and source.

\`npm run docs\` writes this page from \`src/domain/note.ts\`.

${lines.join('\n')}
`;
}
