import { readdirSync, readFileSync } from 'node:fs';
import { STATUS_CODES } from 'node:http';
import path from 'node:path';
import { ROOT, wrapText } from './text.ts';

/** `new HttpError(404, 'not_found', 'message' …`, with the message as a plain string or a template. */
const THROWN = /new HttpError\(\s*(\d{3}),\s*'([a-z_]+)',\s*(?:'((?:[^'\\]|\\.)*)'|`([^`]*)`|"([^"]*)")?/g;
/** `new UseCaseError('conflict', 'last_queue', 'message' …`. The API maps the kind to a status. */
const REFUSED =
  /new UseCaseError\(\s*'([a-z_]+)',\s*'([a-z_]+)',\s*(?:'((?:[^'\\]|\\.)*)'|`([^`]*)`|"([^"]*)")?/g;
/** `conflict: 409`: the statuses of the kinds, in src/api/frame/problem.ts. */
const STATUS_OF_KIND = /^ {2}([a-z_]+): (\d{3}),$/gm;
/** `'entity.parse.failed': ['invalid_json', 'message']`: codes of the body parser, in src/api/frame/problem.ts. */
const BODY_CODE = /'[a-z]+\.[a-z.]+': \['([a-z_]+)'/g;

/** Messages by code, by status. */
type Codes = Map<number, Map<string, Set<string>>>;

function collectCodes(): Codes {
  const codes: Codes = new Map();
  const mapper = readFileSync(path.join(ROOT, 'src/api/frame/problem.ts'), 'utf8');
  const statuses = new Map(
    [...mapper.matchAll(STATUS_OF_KIND)].map(([, kind, status]) => [kind, Number(status)]),
  );
  const add = (status: number, code: string, message: string) => {
    const byCode = codes.get(status) ?? new Map<string, Set<string>>();
    codes.set(status, byCode);
    const messages = byCode.get(code) ?? new Set<string>();
    byCode.set(code, messages);
    if (message) messages.add(message.replace(/\\(.)/g, '$1').replace(/\$\{[^}]*\}/g, '…'));
  };
  for (const folder of ['src/api', 'src/app']) {
    const files = readdirSync(path.join(ROOT, folder), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts')).sort()) {
      const text = readFileSync(path.join(ROOT, folder, file), 'utf8');
      for (const [, status, code, ...messages] of text.matchAll(THROWN))
        add(Number(status), code as string, messages.find((message) => message !== undefined) ?? '');
      for (const [, kind, code, ...messages] of text.matchAll(REFUSED)) {
        const status = statuses.get(kind as string);
        if (!status) throw new Error(`src/api/frame/problem.ts has no status for the kind ${kind}`);
        add(status, code as string, messages.find((message) => message !== undefined) ?? '');
      }
    }
  }
  return codes;
}

/** `docs/reference/errors.md`, from the errors that the API throws. */
export function renderErrors(): string {
  const sections = [...collectCodes()]
    .sort(([a], [b]) => a - b)
    .map(([status, byCode]) => {
      const lines = [...byCode].sort().map(([code, messages]) => {
        const text = [...messages].sort().map((message) => `"${message}"`);
        return wrapText(`- \`${code}\`${text.length > 0 ? `: ${text.join(', ')}` : ''}`, '  ');
      });
      return `## ${status} ${STATUS_CODES[status]}\n\n${lines.join('\n')}`;
    });
  const parser = readFileSync(path.join(ROOT, 'src/api/frame/problem.ts'), 'utf8');
  const bodyCodes = [...new Set([...parser.matchAll(BODY_CODE)].map(([, code]) => `\`${code}\``))];
  return `# Error codes

Every error is an \`application/problem+json\` document (RFC 9457). \`code\` is stable; the message is for people. Where
single fields are wrong, \`errors\` lists them with \`path\`, \`code\` and \`detail\`. \`requestId\` also appears in the log.

${wrapText(`A body that cannot be read is answered with 4xx and one of ${bodyCodes.join(', ')}.`)}

\`npm run docs\` writes this page from the errors that the code throws.

${sections.join('\n\n')}
`;
}
