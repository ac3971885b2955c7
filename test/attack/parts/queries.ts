import { HOSTILE_TEXTS } from '../hostile.ts';
import type { Request } from '../http.ts';
import type { DocumentedCall } from '../openapi.ts';
import { forEachOf, type Part, type PartContext } from '../part.ts';
import { fillPath } from '../records.ts';

const LIMITS = [
  '0',
  '-1',
  '101',
  '1000000000',
  '1e9',
  '0x10',
  'abc',
  '',
  '1.5',
  '1;select 1',
  '٣',
  'NaN',
  '50 ',
  '1&limit=2',
];
const NAMES = [
  '__proto__[x]',
  'constructor[prototype][x]',
  'limit[]',
  'limit[$gt]',
  'workspace',
  'toString',
  'a'.repeat(2_000),
];

const encode = (...place: unknown[]) => Buffer.from(JSON.stringify(place)).toString('base64url');
const CURSORS = [
  'x',
  'bnVsbA',
  'e30',
  'W10',
  'W251bGxd',
  '=',
  'W1tdXQ',
  encode(1),
  encode('a', 'b'),
  encode('2026-01-01 00:00:00+00', "x' or '1'='1"),
  encode('2026-13-45 99:99:99+00', 'cus_1'),
  encode('9999-12-31 23:59:59.999999+00', 'x'),
  encode(Number.MAX_SAFE_INTEGER, 1e308),
  encode(-1),
  encode(...Array.from({ length: 50 }, () => 0)),
  encode({ __proto__: 1 }),
  'A'.repeat(5_000),
];

/** Parameters of queries that the document does not allow. */
export const queries: Part = {
  name: 'queries',
  what: 'forged cursors, limits and filters',
  share: null,
  async run(context) {
    const { target, tally } = context;
    const { home, rival } = target;
    const gets = target.calls.filter(({ method, access }) => method === 'GET' && access.kind === 'api');
    const requests = gets.flatMap((call) => forge(context, call).map((request) => ({ call, request })));
    await forEachOf(requests, async ({ call, request }) => {
      const answer = tally.count(request, await target.http.send(request));
      if (answer.status >= 500 || answer.status === 0) return;
      // Headers and URL together may be as large as a server reads: 414, 431.
      if (![...call.statuses, 400, 404, 414, 431].includes(answer.status))
        tally.report(`answered ${answer.status}, which the document does not name`, request);
      const isBadLimit = /[?&]limit=(0|-1|101|abc|NaN)(&|$)/.test(request.path);
      if (isBadLimit && answer.status !== 400)
        tally.report(`a limit that is not allowed got ${answer.status}`, request);
    });
    // A cursor of one workspace says nothing about another.
    for (const call of gets.filter(({ query }) => query.some(({ name }) => name === 'cursor'))) {
      const path = fillPath(call, home.parameters);
      const first = await target.http.send({ path: `${path}?limit=1`, key: home.api });
      const cursor = /"nextCursor":"([^"]+)"/.exec(first.text)?.[1];
      if (!cursor) continue;
      for (const each of [
        cursor,
        cursor.slice(0, -1),
        `${cursor}A`,
        cursor.toLowerCase(),
        cursor.split('').reverse().join(''),
      ]) {
        const request: Request = { path: `${path}?cursor=${encodeURIComponent(each)}`, key: rival.api };
        const answer = tally.expect(request, await target.http.send(request), [200, 400, 404]);
        if (answer.text.includes(home.canary))
          tally.report('the answer has data of another workspace', request);
      }
    }
  },
};

function forge({ target, short }: PartContext, call: DocumentedCall): Request[] {
  const { api: key, parameters } = target.home;
  const path = fillPath(call, parameters);
  const texts = short ? HOSTILE_TEXTS.slice(0, 12) : HOSTILE_TEXTS;
  const valuesOf = (name: string): readonly string[] => {
    if (name === 'limit') return LIMITS;
    return name === 'cursor' ? [...CURSORS, ...texts] : texts;
  };
  const encodeLoosely = (value: string) => encodeURIComponent(value.toWellFormed());
  return [
    ...call.query.flatMap(({ name }) =>
      valuesOf(name).map((value) => ({
        path: `${path}?${name}=${encodeLoosely(value).slice(0, 6_000)}`,
        key,
      })),
    ),
    ...call.query.map(({ name }) => ({ path: `${path}?${name}=1&${name}=2`, key })),
    ...NAMES.map((name) => ({ path: `${path}?${encodeURIComponent(name)}=1`, key })),
    { path: `${path}?${'a=1&'.repeat(1_000)}`, key },
    // The path's own parameter, too.
    ...(call.path.includes('{')
      ? texts.map((value) => ({
          path: fillPath(
            call,
            Object.fromEntries(
              Object.keys(parameters).map((name) => [name, value.toWellFormed().slice(0, 3_000) || 'x']),
            ),
          ),
          key,
        }))
      : []),
  ];
}
