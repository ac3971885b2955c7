import type { Answer, Request } from '../http.ts';
import { forEachOf, type Part } from '../part.ts';

const OUTSIDE = [
  'build.json',
  'manifest.json',
  'package.json',
  '../build.json',
  '../../package.json',
  '.env',
];
const DOTS = ['..', '%2e%2e', '.%2e', '..;', '%252e%252e', '..%00', '..%c0%af'];
const SLASHES = ['/', '%2f', '%5c', '\\', '//', '%252f'];

/** Ways out of the folder of the console's files, and into it by other names. */
function listPaths(): string[] {
  const climbs = DOTS.flatMap((dots) =>
    SLASHES.flatMap((slash) => [1, 2, 4].map((depth) => `${`${dots}${slash}`.repeat(depth)}package.json`)),
  );
  const names = [
    ...OUTSIDE,
    ...climbs,
    '/etc/passwd',
    '__proto__',
    'constructor',
    'a'.repeat(5_000),
    '%00',
    '%',
  ];
  return names.flatMap((name) => [
    `/console/${name}`,
    `/console/assets/${name}`,
    `/console/assets/${name}.br`,
  ]);
}

const PAGES = [
  '/console/',
  '/console/customers/user:a%22%3e%3cscript%3e',
  '/console/embed/customers/x?token=et_x',
];
const METHODS = ['POST', 'PUT', 'DELETE', 'PATCH', 'TRACE', 'PROPFIND'];

/** The page with its policy, a file of the build, or a refusal: what else an answer is, is a violation. */
function findFault({ status, headers, text }: Answer, { method = 'GET', path }: Request): string | null {
  if (status < 200 || status >= 300) return null;
  if (method !== 'GET') return `answered ${status} to ${method}`;
  if (!String(headers['content-type']).startsWith('text/html'))
    return /^\/+console\/assets\/[\w.-]+$/i.test(path) ? null : 'served a file by another name';
  if (!text.includes('id="root"')) return 'served another document than the page';
  const policy = String(headers['content-security-policy']);
  if (!/script-src 'self';/.test(policy) || !policy.includes("frame-ancestors 'none'"))
    return 'the page has no strict policy';
  return text.includes('<script>') ? 'the page repeats its address as HTML' : null;
}

/** The console's files: paths out of their folder, and other methods. */
export const consoleFiles: Part = {
  name: 'console',
  what: "ways out of the console's folder, other methods",
  share: null,
  async run({ target, tally }) {
    const tried: Request[] = [
      ...[...listPaths(), ...PAGES].map((path) => ({ path })),
      ...METHODS.flatMap((method) => PAGES.map((path) => ({ method, path }))),
    ];
    await forEachOf(tried, async (request) => {
      const answer = tally.count(request, await target.http.send(request), { mayEnd: true });
      const fault = findFault(answer, request);
      if (fault) tally.report(fault, request);
      if (answer.text.includes(target.home.canary))
        tally.report('the answer has data of a customer', request);
    });
  },
};
