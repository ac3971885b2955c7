import { randomUUID } from 'node:crypto';
import type { OutgoingHttpHeaders } from 'node:http';
import type { Scope } from '../../../db/access/keys.ts';
import type { Role } from '../../../db/access/users.ts';
import { ROLES, SCOPES } from '../../../db/schema/values.ts';
import { createCustomerToken } from '../../../src/api/frame/customer-token.ts';
import { createUser } from '../../../src/app/users/manage-users.ts';
import { beginSession, deriveCsrfToken } from '../../../src/app/users/sessions.ts';
import type { Answer, Request } from '../http.ts';
import { type Access, compilesBundle, type DocumentedCall } from '../openapi.ts';
import { COMPILING_WIDTH, forEachOf, type Part } from '../part.ts';
import { fillAddress } from '../records.ts';
import { sampleOf } from '../sample.ts';
import type { Tally } from '../tally.ts';
import type { Target } from '../target.ts';

/** Somebody with a key, with a session, with a token, or with what only looks like one. */
interface Caller {
  name: string;
  headers: OutgoingHttpHeaders;
  /**
   * What the caller has: nothing valid, a key that sends events or one of the API, a session, the token of an embedded
   * page, or a session in the hands of a page of another origin.
   */
  kind: 'nobody' | 'events' | 'api' | 'person' | 'embed' | 'foreign page';
  scopes: readonly Scope[];
  role?: Role;
  /** Whether requests that are no GET lack the CSRF token. */
  lacksToken?: boolean;
  /** Of another workspace, or of another customer. */
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
    const cells = target.calls
      // It would end the sessions of the callers.
      .filter(({ path }) => path !== '/v1/session/end')
      .flatMap((call) => callers.map((caller) => ({ call, caller })))
      // Few bundles of one workspace may wait to be compiled: keys try that here, and roles.test.ts each role.
      .filter(
        ({ call, caller }) => !(caller.kind === 'person' && compilesBundle(call) && isAllowed(call, caller)),
      );
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
    path: fillAddress(call, parameters),
    headers: {
      ...caller.headers,
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
  if (call.access.kind === 'login' && caller.kind !== 'foreign page')
    return [401, 404, 429].includes(status) ? null : `${got} to a login that nobody has`;
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

type Refusal = { status: number; code?: string } | null;

/** How the document says that a caller is refused, or null. */
function refusalOf({ access, method }: DocumentedCall, caller: Caller): Refusal {
  if (access.kind === 'open') return null;
  if (access.kind === 'signed') return { status: 401, code: 'webhook_signature' };
  if (access.kind === 'write') return refuseSender(caller);
  if (caller.kind === 'foreign page') return { status: 403, code: 'foreign_origin' };
  if (access.kind === 'login') return { status: 401 };
  if (caller.kind === 'person' && caller.lacksToken && method !== 'GET')
    return { status: 403, code: 'csrf_token' };
  if (access.kind === 'session') return caller.kind === 'person' ? null : { status: 401 };
  return refuseReader(access, caller);
}

function refuseSender({ kind }: Caller): Refusal {
  if (kind === 'events') return null;
  return kind === 'api' ? { status: 403, code: 'wrong_kind_of_key' } : { status: 401 };
}

function refuseReader(access: Extract<Access, { kind: 'api' }>, { kind, role, scopes }: Caller): Refusal {
  if (kind === 'nobody') return { status: 401 };
  if (kind === 'events') return { status: 403, code: 'wrong_kind_of_key' };
  if (kind === 'embed') return access.takesEmbedToken ? null : { status: 401 };
  if (kind === 'person')
    return access.roles.includes(role ?? '') ? null : { status: 403, code: 'role_not_permitted' };
  return access.scopes.every((scope) => scopes.includes(scope as Scope))
    ? null
    : { status: 403, code: 'missing_scope' };
}

async function makeCallers(target: Target): Promise<Caller[]> {
  const { home, rival, db, newKey } = target;
  const bearer = (key: string) => `Bearer ${key}`;
  const caller = (
    name: string,
    kind: Caller['kind'],
    authorization: string | null,
    more: Partial<Caller> = {},
  ): Caller => ({
    name,
    kind,
    headers: authorization === null ? {} : { authorization },
    scopes: [],
    foreign: false,
    ...more,
  });
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
    ...(await makePeople(target)),
    ...makeEmbedded(target),
  ];
}

/** People with each role, those whose requests lack something, and an operator of another workspace. */
async function makePeople({ db, home, rival }: Target): Promise<Caller[]> {
  const logIn = async (role: Role, workspace: string) => {
    const login = `${role}-${randomUUID()}`;
    const { id } = await createUser(db, { login, name: login, password: null, roles: { [workspace]: role } });
    const token = await beginSession(db.sql, { userId: id, workspace, passwordHash: null });
    if (token === null) throw new Error(`${login} cannot log in`);
    const cookie = `throughline_session=${token}`;
    return { cookie, 'x-csrf-token': deriveCsrfToken({ token }) };
  };
  const person = (name: string, headers: OutgoingHttpHeaders, more: Partial<Caller>): Caller => ({
    name,
    headers,
    kind: 'person',
    scopes: [],
    foreign: false,
    ...more,
  });
  const roles = ROLES.map(async (role) => person(`a ${role}`, await logIn(role, home.id), { role }));
  const operator = await logIn('operator', home.id);
  const origin = 'https://evil.example';
  return [
    ...(await Promise.all(roles)),
    person(
      'an operator without the CSRF token',
      { cookie: operator.cookie },
      { role: 'operator', lacksToken: true },
    ),
    person('a page of another origin', { ...operator, origin }, { kind: 'foreign page' }),
    person("a rival's operator", await logIn('operator', rival.id), { role: 'operator', foreign: true }),
    person('an invented session', { cookie: `throughline_session=${'A'.repeat(43)}` }, { kind: 'nobody' }),
  ];
}

/** The embedded page of the customer whose records are named, and that of another one. */
function makeEmbedded({ home, secret }: Target): Caller[] {
  const embedded = (name: string, customerId: string, foreign: boolean): Caller => {
    const token = createCustomerToken('embed', { customerId, expiresAt: Date.now() + 3_600_000 }, secret);
    return { name, headers: { authorization: `Bearer ${token}` }, kind: 'embed', scopes: [], foreign };
  };
  return [
    embedded("the customer's embedded page", home.customerId, false),
    embedded("another customer's embedded page", home.bystanderId, true),
  ];
}

/** What the home workspace has, as one text. Anybody may follow a tracked link, and that is recorded later. */
async function countEverything({ db, home }: Target): Promise<string> {
  const [row] = await db.sql`
    select (select config_version from workspaces where id = ${home.id}) as version,
      (select string_agg(name || ' of ' || source, ', ' order by accepted_at, seq) from events
        where workspace = ${home.id} and name not like 'Delivery Clicked%' and name not like 'Delivery Opened%') as events,
      (select count(*)::int from rejected where workspace = ${home.id}) as rejected,
      (select count(*)::int from customers where workspace = ${home.id}) as customers,
      (select count(*)::int from consents where customer_id = ${home.customerId}) as consents,
      (select count(*)::int from decisions where workspace = ${home.id} and kind = 'realtime') as decisions,
      (select count(*)::int from paused_actions where workspace = ${home.id}) as paused,
      (select string_agg(state || coalesce(assignee, ''), ',' order by id) from agent_tasks where workspace = ${home.id}) as tasks,
      (select string_agg(state, ',' order by id) from coupons where workspace = ${home.id}) as coupons`;
  return JSON.stringify(row);
}
