import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import {
  FAULTS,
  INVARIANTS,
  REQUIREMENTS,
  type Requirement,
  RISKS,
  SECURITY,
  STORIES,
} from './requirements.ts';
import { ROOT, wrapText } from './text.ts';

const IDS = /\b(?:I[1-7]|[A-E]-\d{1,2}|(?:correctness|fault|security|story) \d+(?:, \d+)*)\b/g;
const TITLE = /\b(?:test|it|describe)(?:\.\w+)*(?:\([^'"`]*?\))?\(\s*(?:'([^']*)'|`([^`]*)`|"([^"]*)")/g;

/** The test files whose titles name an identifier, by identifier. */
function collectTests(): Map<string, string[]> {
  const tests = new Map<string, string[]>();
  const files = readdirSync(path.join(ROOT, 'test'), { recursive: true, encoding: 'utf8' });
  for (const file of files.filter((name) => name.endsWith('.test.ts')).sort()) {
    const text = readFileSync(path.join(ROOT, 'test', file), 'utf8');
    const titles = [...text.matchAll(TITLE)].map((match) => match[1] ?? match[2] ?? match[3] ?? '');
    for (const id of new Set(titles.flatMap(findIds))) tests.set(id, [...(tests.get(id) ?? []), file]);
  }
  return tests;
}

/** `correctness 14, 28` stands for two identifiers. */
function findIds(title: string): string[] {
  return [...title.matchAll(IDS)].flatMap(([text]) => {
    const [word, numbers] = text.split(/ (.*)/s);
    return numbers === undefined ? [text] : numbers.split(', ').map((number) => `${word} ${number}`);
  });
}

function renderList(requirements: Requirement[], tests: Map<string, string[]>): string {
  return requirements
    .map(({ id, text }) => {
      const files = tests.get(id) ?? [];
      if (files.length === 0) throw new Error(`no test title names ${id}: remove it, or test it`);
      return wrapText(`- **${id}** ${text} ${files.map((file) => `\`${file}\``).join(', ')}`, '  ');
    })
    .join('\n');
}

/** `docs/invariants.md`. @throws Error when a title names an unknown identifier, or no title names a known one. */
export function renderInvariants(): string {
  const tests = collectTests();
  const groups = [INVARIANTS, REQUIREMENTS, STORIES, RISKS, FAULTS, SECURITY];
  const described = new Set(groups.flat().map(({ id }) => id));
  const unknown = [...tests.keys()].filter((id) => !described.has(id));
  if (unknown.length > 0) throw new Error(`describe in docs/generate/requirements.ts: ${unknown.join(', ')}`);
  const [invariants, requirements, stories, risks, faults, security] = groups.map((group) =>
    renderList(group, tests),
  );
  return `# Invariants and the tests that show them

Test titles begin with an identifier: an invariant (\`I3\`), a requirement (\`D-4\`), a story, a risk
(\`correctness 12\`: a way in which a simple implementation goes wrong), a fault that the test injects (\`fault 3\`), or
an attack (\`security 1\`).
This page lists what each identifier means and which test files name it. Paths are below \`test/\`. The tests in
\`journeys/\` and \`faults/\` run on real servers: Postgres, Temporal, SMTP.

\`npm run docs\` writes this page from the titles of the tests and from \`docs/generate/requirements.ts\`.

## Invariants

${invariants}

## Requirements

${requirements}

## Stories

${stories}

## Risks

${risks}

## Faults

${faults}

## Attacks

${security}

## Measured, not asserted

- **A-5** The time from accepting an event to its committed decision: part \`c\` of \`npm run bench\`.
- **D-7** The speed of real-time decisions: part \`realtime\` of \`npm run bench\`.
- **E-8** The recovery after a drift, over twenty worlds: \`npm run bench:decisions\`.

## Not covered yet

- I1: a full disk; a failover of Postgres.
- I4: an audit query over all customers; many overdue customers at once.
- I5: at every step of a long random run; so far at chosen points, and at the end of each round of
  [\`npm run chaos\`](reliability.md).
- I7: across processors.
- Two workers of different builds side by side; migrations under load; a soak run of hours.
- Clock changes of the machine itself.
`;
}
