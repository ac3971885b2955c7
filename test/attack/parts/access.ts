import type { Scope } from '../../../db/access/keys.ts';
import { SCOPES } from '../../../db/schema/values.ts';
import type { Answer, Request } from '../http.ts';
import { compilesBundle, type DocumentedCall } from '../openapi.ts';
import { COMPILING_WIDTH, forEachOf, type Part } from '../part.ts';
import { fillPath } from '../records.ts';
import { sampleOf } from '../sample.ts';
import type { Tally } from '../tally.ts';
import type { Target } from '../target.ts';

/** Somebody with a key, or with what only looks like one. */
interface Caller {
  name: string;
  authorization: string | null;
  /** What the key is: no valid one, one that sends events, or one of the API. */
  kind: 'nobody' | 'events' | 'api';
  scopes: readonly Scope[];
  /** Of another workspace. */
  foreign: boolean;
}

type Cell = { call: DocumentedCall; caller: Caller };

/** Every call of the document with every kind of key. What the document says decides what the answer has to be. */
export const access: Part = {
  name: 'access',
  what: 'each route with each kind of key, also of a foreign workspace',
  share: null,
  async run({ target, tally }) {
    const callers = await makeCallers(target);
    const cells = target.calls.flatMap((call) => callers.map((caller) => ({ call, caller })));
    // An open call changes something for the holder of the token in its path.
    const isOwners = ({ call, caller }: Cell) =>
      isAllowed(call, caller) && (!caller.foreign || call.access.kind === 'open');
    const before = await countEverything(target);
    await forEachOf(
      cells.filter((cell) => !isOwners(cell)),
      (cell) => tryCell(target, tally, cell, target.home.parameters),
    );
    const after = await countEverything(target);
    if (after !== before)
      tally.report(
        `callers without the right to change anything have: ${before} became ${after}`,
        'any of the calls',
      );
    // Owners change what nobody has: the other parts need the records.
    const nobodys = Object.fromEntries(Object.keys(target.home.parameters).map((name) => [name, 'nobody']));
    const owners = cells.filter(isOwners);
    const tryOwners = (some: Cell[], width?: number) =>
      forEachOf(
        some,
        (cell) => tryCell(target, tally, cell, cell.call.method === 'GET' ? target.home.parameters : nobodys),
        width,
      );
    await tryOwners(owners.filter(({ call }) => !compilesBundle(call)));
    await tryOwners(
      owners.filter(({ call }) => compilesBundle(call)),
      COMPILING_WIDTH,
    );
  },
};

async function tryCell(
  target: Target,
  tally: Tally,
  { call, caller }: Cell,
  parameters: Record<string, string>,
): Promise<void> {
  const request: Request = {
    method: call.method,
    path: fillPath(call, parameters),
    headers: {
      ...(caller.authorization === null ? {} : { authorization: caller.authorization }),
      ...(call.contentTypes.length > 0 ? { 'content-type': call.contentTypes[0] } : {}),
    },
    ...(call.method === 'GET' ? {} : { body: JSON.stringify(buildBody(target, call)) }),
  };
  const answer = tally.count(request, await target.http.send(request));
  const wrong = answer.status >= 500 ? null : findWrong(target, { call, caller }, answer);
  if (wrong) tally.report(`${caller.name}: ${wrong}`, request);
}

function buildBody(target: Target, { body }: DocumentedCall): unknown {
  const { customerId } = target.home;
  return body ? sampleOf(target.document, body, { customer: customerId, into: customerId, files: [] }) : {};
}

/** What is wrong about an answer, or null. */
function findWrong(target: Target, { call, caller }: Cell, { status, text }: Answer): string | null {
  const refused = refusalOf(call, caller);
  const code = /"code":"(\w+)"/.exec(text)?.[1];
  const got = `answered ${status} ${code ?? ''}`.trim();
  if (call.access.kind === 'login')
    return [401, 429].includes(status) ? null : `${got} to a login that nobody has`;
  if (refused)
    return status === refused.status && (!refused.code || code === refused.code)
      ? null
      : `${got}, not ${refused.status} ${refused.code ?? ''}`;
  if (status === 401 || status === 403) return `${got}, though this key may do it`;
  if (!call.statuses.includes(status)) return `${got}, which the document does not name`;
  if (call.method === 'GET' && !caller.foreign && ![200, 302, 429].includes(status)) return `${got}, not 200`;
  if (!caller.foreign || call.access.kind !== 'api') return null;
  if (text.includes(target.home.canary)) return 'the answer has data of another workspace';
  if (call.path.includes('{') && status < 300) return `${got} for a record of another workspace`;
  return null;
}

const isAllowed = (call: DocumentedCall, caller: Caller) => refusalOf(call, caller) === null;

/** How the document says that a caller is refused, or null. */
function refusalOf(
  { access }: DocumentedCall,
  { kind, scopes }: Caller,
): { status: number; code?: string } | null {
  if (access.kind === 'open') return null;
  if (access.kind === 'login') return { status: 401, code: 'wrong_login' };
  if (access.kind === 'session') return { status: 401, code: 'missing_session' };
  if (access.kind === 'signed') return { status: 401, code: 'webhook_signature' };
  if (kind === 'nobody') return { status: 401 };
  if (access.kind === 'write') return kind === 'events' ? null : { status: 403, code: 'wrong_kind_of_key' };
  if (kind === 'events') return { status: 403, code: 'wrong_kind_of_key' };
  return access.scopes.every((scope) => scopes.includes(scope as Scope))
    ? null
    : { status: 403, code: 'missing_scope' };
}

async function makeCallers({ home, rival, db, newKey }: Target): Promise<Caller[]> {
  const bearer = (key: string) => `Bearer ${key}`;
  const caller = (
    name: string,
    kind: Caller['kind'],
    authorization: string | null,
    more: Partial<Caller> = {},
  ): Caller => ({ name, kind, authorization, scopes: [], foreign: false, ...more });
  const withScopes = async (name: string, scopes: Scope[]) =>
    caller(name, 'api', bearer(await newKey(home.id, 'api', scopes)), { scopes });
  const revoked = await newKey(home.id, 'api', [...SCOPES]);
  // Before its first use, so that no cache knows it.
  await db.sql`update keys set revoked_at = clock_timestamp()
    where id = (select id from keys where workspace = ${home.id} order by id desc limit 1)`;
  const basic = (user: string, password = '') =>
    `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return [
    caller('no key', 'nobody', null),
    caller('an invented key', 'nobody', bearer(`ak_${'A'.repeat(43)}`)),
    caller('a revoked key', 'nobody', bearer(revoked)),
    caller('a key as password', 'nobody', basic('', home.api)),
    caller('garbage', 'nobody', `Bearer ${'x'.repeat(3_000)}`),
    caller('a write key', 'events', basic(home.write)),
    caller('a browser key', 'events', bearer(home.browser)),
    await withScopes('an API key without a scope', []),
    ...(await Promise.all(SCOPES.map((scope) => withScopes(`only the scope ${scope}`, [scope])))),
    ...(await Promise.all(
      SCOPES.map((scope) =>
        withScopes(
          `all scopes but ${scope}`,
          SCOPES.filter((other) => other !== scope),
        ),
      ),
    )),
    caller('all scopes', 'api', basic(home.api), { scopes: SCOPES }),
    caller("a rival's write key", 'events', bearer(rival.write), { foreign: true }),
    caller("a rival's API key", 'api', bearer(rival.api), { scopes: SCOPES, foreign: true }),
  ];
}

/** What the home workspace has, as one text. */
async function countEverything({ db, home }: Target): Promise<string> {
  const [row] = await db.sql`
    select (select config_version from workspaces where id = ${home.id}) as version,
      (select count(*)::int from events where workspace = ${home.id}) as events,
      (select count(*)::int from rejected where workspace = ${home.id}) as rejected,
      (select count(*)::int from customers where workspace = ${home.id}) as customers,
      (select count(*)::int from consents where customer_id = ${home.customerId}) as consents,
      (select count(*)::int from decisions where workspace = ${home.id} and kind = 'realtime') as decisions,
      (select count(*)::int from paused_actions where workspace = ${home.id}) as paused,
      (select string_agg(state || coalesce(assignee, ''), ',' order by id) from agent_tasks where workspace = ${home.id}) as tasks,
      (select string_agg(state, ',' order by id) from coupons where workspace = ${home.id}) as coupons`;
  return JSON.stringify(row);
}
