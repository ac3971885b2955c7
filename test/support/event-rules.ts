import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './paths.ts';

/** A row of a table in docs/events.md: what a sender sends, how it is understood, and where that is seen. */
export interface EventRule {
  sent: string;
  understood: string;
  shown: string;
}

/** The rows of a subsection of "How events are read" in docs/events.md, so that each is a test. */
export function readEventRules(section: string): EventRule[] {
  const page = readFileSync(join(ROOT, 'docs/events.md'), 'utf8');
  const start = page.indexOf(`\n### ${section}\n`);
  if (start < 0) throw new Error(`docs/events.md has no section "${section}"`);
  const text = page.slice(start + 1).split(/\n##+ /)[0] as string;
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && !/^\|( Sent |[ -]*\|)/.test(line))
    .map((line) => {
      const [sent = '', understood = '', shown = ''] = line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim());
      return { sent, understood, shown };
    });
}
