import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT, wrapText } from './text.ts';

const FOLDER = 'src/engine/gates';

interface GateDoc {
  name: string;
  file: string;
  text: string;
  codes: string[];
  events: string[];
}

/** The gates in the order of `judge.ts`, each with the comment and the codes of its file. */
function readGates(): GateDoc[] {
  const judge = readFileSync(path.join(ROOT, FOLDER, 'judge.ts'), 'utf8');
  const list = /const DECISION_GATES[^{]*\{([^}]*)\}/.exec(judge)?.[1] ?? '';
  const gates = [...list.matchAll(/^\s*(\w+)(?:: (\w+))?,$/gm)].map(([, name, alias]) => {
    const exported = alias ?? (name as string);
    const file = new RegExp(`import \\{ ${exported} \\} from '\\./([\\w-]+\\.ts)'`).exec(judge)?.[1];
    if (!file) throw new Error(`${FOLDER}/judge.ts does not import the gate ${exported} by itself`);
    return readGate(name as string, exported, file);
  });
  if (gates.length < 10) throw new Error(`DECISION_GATES of ${FOLDER}/judge.ts has another form`);
  return gates;
}

function readGate(name: string, exported: string, file: string): GateDoc {
  const text = readFileSync(path.join(ROOT, FOLDER, file), 'utf8');
  const comment = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\nexport const ${exported}\\b`).exec(
    text,
  )?.[1];
  if (!comment) throw new Error(`describe the gate in a comment above it: ${FOLDER}/${file}`);
  return {
    name,
    file,
    text: comment.replace(/^\s*\*? ?/gm, '').trim(),
    codes: findAll(text, /\bblock\(\s*[\w.[\]]+,\s*'([a-z_]+)'/g),
    events: findAll(text, /liftsOn: '([^']+)'/g),
  };
}

function findAll(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => `\`${match[1]}\``))];
}

/** `docs/reference/gates.md`, from the gates themselves. */
export function renderGates(): string {
  const sections = readGates().map(({ name, file, text, codes, events }, index) => {
    const lines = [
      `## ${index + 1}. ${name}`,
      '',
      wrapText(text),
      '',
      wrapText(`- File: [\`${file}\`](../../${FOLDER}/${file})`, '  '),
    ];
    if (codes.length > 0) lines.push(wrapText(`- Codes: ${codes.join(', ')}`, '  '));
    if (events.length > 0) lines.push(wrapText(`- Lifts on: ${events.join(', ')}`, '  '));
    return lines.join('\n');
  });
  return `# Gates

All gates are asked about every candidate, in this order. None stops the others, so a blocked candidate lists every
reason. A verdict has a \`code\`; \`liftsAt\` is the time at which it lifts, \`liftsOn\` the event.

\`npm run docs\` writes this page from \`${FOLDER}\`.

${sections.join('\n\n')}
`;
}
