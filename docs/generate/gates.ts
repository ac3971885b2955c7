import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type GateName, VERDICT_CODES } from '../../src/domain/verdict-code.ts';
import { GATES } from '../../src/engine/gates/judge.ts';
import { ROOT, wrapText } from './text.ts';

const FOLDER = 'src/engine/gates';

/** Names in verdicts, of a gate that answers under other names than its own. */
const NAMES_IN_VERDICTS: Partial<Record<GateName, GateName[]>> = {
  conditions: ['eligibility', 'applicability', 'suitability'],
};

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
  const list = /const GATES[^{]*\{([^}]*)\}/.exec(judge)?.[1] ?? '';
  const exported = new Map(
    [...list.matchAll(/^\s*(\w+)(?:: (\w+))?,$/gm)].map(([, name, alias]) => [name, alias ?? name]),
  );
  return (Object.keys(GATES) as GateName[]).map((name) => {
    const binding = exported.get(name);
    const file = new RegExp(`import \\{ ${binding} \\} from '\\./([\\w-]+\\.ts)'`).exec(judge)?.[1];
    if (!binding || !file) throw new Error(`${FOLDER}/judge.ts must import the gate ${name} by itself`);
    return readGate(name, binding, file);
  });
}

function readGate(name: GateName, binding: string, file: string): GateDoc {
  const text = readFileSync(path.join(ROOT, FOLDER, file), 'utf8');
  const comment = new RegExp(`/\\*\\*((?:(?!\\*/)[\\s\\S])*)\\*/\\nexport const ${binding}\\b`).exec(
    text,
  )?.[1];
  if (!comment) throw new Error(`describe the gate in a comment above it: ${FOLDER}/${file}`);
  const names = NAMES_IN_VERDICTS[name] ?? [name];
  return {
    name,
    file,
    text: comment.replace(/^\s*\*? ?/gm, '').trim(),
    codes: names.flatMap(listCodes),
    events: findAll(text, /liftsOn: '([^']+)'/g),
  };
}

function listCodes(name: GateName): string[] {
  return VERDICT_CODES[name].map((code) => `\`${code}\``);
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
reason. A verdict has a \`code\`; \`liftsAt\` is the time at which it lifts, \`liftsOn\` the event. \`bundle\`
stands for a new version of the definitions, \`Action Resumed\` for the call that resumes a paused action, and
\`Customer Activity\` for any event of the customer.

Any gate may answer \`error\`: the gate, or an expression that it evaluates, failed. Three checks beside the gates answer
in the same form: \`arbitration\` (${listCodes('arbitration').join(', ')}), \`value\` (\`error\`) and, for a delivery that is
due, \`expiry\` (${listCodes('expiry').join(', ')}). \`src/domain/verdict-code.ts\` has all codes.

\`npm run docs\` writes this page from \`${FOLDER}\`.

${sections.join('\n\n')}
`;
}
