import request from 'supertest';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createApp } from '../../../src/api/app.ts';
import { changePassword, changeRole, createUser, disableUser } from '../../../src/app/users/manage-users.ts';
import { OTHER, startApi, type TestApi, WORKSPACE } from '../support/harness.ts';
import { type LoggedIn, logIn, logInAs, PASSWORD } from '../support/log-in.ts';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(async () => {
  await api.db.sql`delete from login_attempts`;
});
afterAll(() => api.stop());

let users = 0;
const nextLogin = () => `user-${++users}`;
const tryLogin = (login: string, password: string, app = api.app) =>
  request(app).post('/v1/session').send({ login, password });
const codeOf = ({ status, body }: { status: number; body: { code?: string } }) => [status, body.code];

describe('logging in', () => {
  it('sets a cookie that scripts and other sites do not get, and answers with the session', async () => {
    const login = nextLogin();
    const roles = { [WORKSPACE]: 'agent', [OTHER]: 'viewer' } as const;
    await createUser(api.db, { login, name: 'Kim Tan', password: PASSWORD, roles });
    const answer = await tryLogin(` ${login.toUpperCase()} `, PASSWORD);
    expect([answer.status, answer.body]).toEqual([
      200,
      {
        user: { id: expect.stringMatching(/^usr_/), login, name: 'Kim Tan' },
        workspace: WORKSPACE,
        workspaces: [WORKSPACE, OTHER],
        role: 'agent',
        scopes: ['read'],
        operations: expect.arrayContaining(['claimTask']),
        csrfToken: expect.stringMatching(/^[\w-]{43}$/),
        expiresAt: expect.any(String),
        currency: 'EUR',
        timeZone: 'Europe/Berlin',
      },
    ]);
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(
      /^throughline_session=[\w-]{43}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.headers['cache-control']).toBe('no-store');
    const hours = (Date.parse(answer.body.expiresAt) - Date.now()) / 3_600_000;
    expect(hours).toBeCloseTo(12, 1);
  });

  it('answers a wrong password and an unknown login alike', async () => {
    const login = nextLogin();
    await createUser(api.db, { login, name: 'Kim', password: PASSWORD, roles: { [WORKSPACE]: 'viewer' } });
    const answers = [await tryLogin(login, 'wrong'), await tryLogin('nobody-at-all', 'wrong')];
    const [first, second] = answers.map(({ status, body: { requestId: _, ...body } }) => [status, body]);
    expect(first).toEqual(second);
    expect(first).toEqual([401, expect.objectContaining({ code: 'wrong_login' })]);
    for (const { headers } of answers)
      expect([headers['set-cookie'], headers['www-authenticate']]).toEqual([undefined, undefined]);
  });

  it('says that a user is disabled or has no role only to those who know the password', async () => {
    const login = nextLogin();
    const { id } = await createUser(api.db, { login, name: 'Kim', password: PASSWORD, roles: {} });
    expect(codeOf(await tryLogin(login, PASSWORD))).toEqual([403, 'no_role']);
    await disableUser(api.db, id, true);
    expect(codeOf(await tryLogin(login, PASSWORD))).toEqual([403, 'user_disabled']);
    expect(codeOf(await tryLogin(login, 'wrong'))).toEqual([401, 'wrong_login']);
  });

  it('refuses a page of another origin', async () => {
    for (const [header, value] of [
      ['Origin', 'https://evil.example'],
      ['Origin', 'null'],
      ['Sec-Fetch-Site', 'cross-site'],
      ['Sec-Fetch-Site', 'same-site'],
    ] as const)
      expect(codeOf(await tryLogin('a', 'b').set(header, value))).toEqual([403, 'foreign_origin']);
    expect(codeOf(await tryLogin('a', 'b').set('Origin', 'http://localhost'))).toEqual([401, 'wrong_login']);
  });

  it('over https the cookie is bound to the host', async () => {
    const login = nextLogin();
    await createUser(api.db, { login, name: 'Kim', password: PASSWORD, roles: { [WORKSPACE]: 'viewer' } });
    const config = { ...api.deps.config, publicUrl: 'https://journeys.example' };
    const app = createApp({ ...api.deps, config });
    const answer = await tryLogin(login, PASSWORD, app).set('Host', 'journeys.example');
    const cookie = String(answer.headers['set-cookie']);
    expect(cookie).toMatch(/^__Host-throughline_session=/);
    expect(cookie).toContain('; Secure');
    const [value] = cookie.split(';');
    const read = (host: string, sent = value as string) =>
      request(app).get('/v1/session').set('Host', host).set('Cookie', sent);
    expect((await read('journeys.example')).status).toBe(200);
    // A proxy may put the address of the API into Host.
    const proxied = await tryLogin(login, PASSWORD, app).set('Host', '127.0.0.1:3000');
    expect(String(proxied.headers['set-cookie'])).toContain('; Secure');
    const tunnel = createApp({ ...api.deps, config: { ...config, oneClickLogin: true } });
    const direct = await tryLogin(login, PASSWORD, tunnel).set('Host', '127.0.0.1:3000');
    expect(String(direct.headers['set-cookie'])).not.toContain('; Secure');
    // A cookie that another host of the domain has set does not have the prefix.
    expect((await read('journeys.example', String(value).replace('__Host-', ''))).status).toBe(401);
  });
});

describe('throttling', () => {
  const trustAll = () =>
    createApp({ ...api.deps, config: { ...api.deps.config, trustedProxies: ['loopback'] } });

  it('answers 429 with the time, counts over processes, and does not lock the user out elsewhere', async () => {
    const login = nextLogin();
    await createUser(api.db, { login, name: 'Kim', password: PASSWORD, roles: { [WORKSPACE]: 'viewer' } });
    const apps = [trustAll(), trustAll()];
    const from = (address: string, password: string, i = 0) =>
      tryLogin(login, password, apps[i % 2]).set('X-Forwarded-For', address);
    expect((await from('198.51.100.7', PASSWORD)).status).toBe(200);
    // A stranger guesses from many addresses.
    const guesses = await Promise.all(
      Array.from({ length: 14 }, (_, i) => from(`203.0.113.${i}`, `guess ${i}`, i)),
    );
    const statuses = guesses.map(({ status }) => status).sort();
    expect(statuses).toEqual([...Array(10).fill(401), ...Array(4).fill(429)]);
    const refused = guesses.find(({ status }) => status === 429);
    expect(refused?.body.code).toBe('too_many_attempts');
    const seconds = Number(refused?.headers['retry-after']);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThanOrEqual(30);
    expect(refused?.body).toMatchObject({
      detail: expect.stringContaining(`${seconds} s`),
      retryAfter: seconds,
    });
    // The right password is refused, too, so that a guess learns nothing.
    expect((await from('203.0.113.99', PASSWORD)).status).toBe(429);
    // The user logs in from where they have been before.
    expect((await from('198.51.100.7', PASSWORD)).status).toBe(200);
    // Attempts come back by themselves.
    await api.db.sql`update login_attempts set at = at - interval '31 seconds'`;
    expect((await from('203.0.113.99', PASSWORD)).status).toBe(200);
  });

  it('limits one address that tries many logins', async () => {
    const app = trustAll();
    const guess = (i: number) => tryLogin(`nobody-${i}`, 'x', app).set('X-Forwarded-For', '203.0.113.200');
    const answers = await Promise.all(Array.from({ length: 22 }, (_, i) => guess(i)));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
    expect(await api.deps.metrics.render()).toMatch(/throughline_logins_total\{outcome="throttled"\} \d+/);
  });

  it('does not believe X-Forwarded-For of others than trusted proxies', async () => {
    const guess = (i: number) => tryLogin(`nobody-${i}`, 'x').set('X-Forwarded-For', `203.0.113.${i}`);
    const answers = await Promise.all(Array.from({ length: 22 }, (_, i) => guess(i)));
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(2);
  });
});

describe('a session', () => {
  it('is stored only as a hash', async () => {
    const kim = await logInAs(api, nextLogin(), 'viewer');
    const rows = JSON.stringify(await api.db.sql`select * from sessions`);
    expect(rows).toContain(kim.userId);
    expect(rows).not.toContain(kim.cookie.split('=')[1]);
    expect(rows).not.toContain(kim.csrfToken);
    const [user] = await api.db.sql`select password_hash from users where id = ${kim.userId}`;
    expect(user?.password_hash).toMatch(/^\$scrypt\$n=32768,r=8,p=3\$/);
  });

  it('needs its CSRF token for every request that is no GET', async () => {
    const kim = await logInAs(api, nextLogin(), 'operator');
    const pause = (token: string | null) => {
      const test = request(api.app).post('/v1/customers/user:x/pause').set('Cookie', kim.cookie);
      return (token === null ? test : test.set('X-CSRF-Token', token)).send({ reason: 'r' });
    };
    expect(codeOf(await pause(null))).toEqual([403, 'csrf_token']);
    expect(codeOf(await pause('x'.repeat(43)))).toEqual([403, 'csrf_token']);
    const other = await logInAs(api, nextLogin(), 'operator');
    expect(codeOf(await pause(other.csrfToken))).toEqual([403, 'csrf_token']);
    expect(codeOf(await pause(kim.csrfToken))).toEqual([404, 'not_found']);
    for (const path of ['/v1/session/end', '/v1/session/workspace'])
      expect(codeOf(await request(api.app).post(path).set('Cookie', kim.cookie).send({}))).toEqual([
        403,
        'csrf_token',
      ]);
    expect((await kim.get('/v1/session')).status).toBe(200);
  });

  it('is no use to a page of another origin, not even where browsers may call from any', async () => {
    const kim = await logInAs(api, nextLogin(), 'operator');
    await api.track('foreign', 'Product Viewed');
    for (const path of [
      '/v1/customers/user:foreign',
      '/v1/customers/user:foreign/inbox',
      '/v1/customers/user:foreign/inbox/stream',
    ]) {
      expect(codeOf(await kim.get(path).set('Origin', 'https://evil.example'))).toEqual([
        403,
        'foreign_origin',
      ]);
      expect(codeOf(await kim.get(path).set('Sec-Fetch-Site', 'same-site'))).toEqual([403, 'foreign_origin']);
    }
    const forged = kim.send('post', '/v1/customers/user:foreign/pause', { reason: 'r' });
    expect(codeOf(await forged.set('Origin', 'https://evil.example'))).toEqual([403, 'foreign_origin']);
  });

  it('sends no events, and a key beside the cookie decides alone', async () => {
    const kim = await logInAs(api, nextLogin(), 'operator');
    expect(codeOf(await kim.send('post', '/v1/track', { userId: 'u', event: 'X' }))).toEqual([
      401,
      'missing_key',
    ]);
    expect(codeOf(await kim.get('/v1/tasks').auth(api.keys.write, ''))).toEqual([403, 'wrong_kind_of_key']);
    expect(
      (await kim.send('post', '/v1/customers/lookup', { userId: 'x' }).auth(api.keys.api, '')).status,
    ).toBe(404);
  });

  it('ends: logged out, disabled, password changed, unused for two hours, or after twelve', async () => {
    const endings: [string, (kim: LoggedIn) => Promise<unknown>][] = [
      ['log-out', (kim) => kim.send('post', '/v1/session/end')],
      ['disabled', (kim) => disableUser(api.db, kim.userId, true)],
      ['password', (kim) => changePassword(api.db, kim.userId, 'another long password')],
      ['role taken', (kim) => changeRole(api.db, { userId: kim.userId, workspace: WORKSPACE, role: null })],
      [
        'idle',
        (kim) =>
          api.db
            .sql`update sessions set last_used_at = last_used_at - interval '121 minutes' where user_id = ${kim.userId}`,
      ],
      [
        'old',
        (kim) =>
          api.db
            .sql`update sessions set expires_at = expires_at - interval '12 hours' where user_id = ${kim.userId}`,
      ],
    ];
    for (const [name, end] of endings) {
      const kim = await logInAs(api, nextLogin(), 'viewer');
      expect([name, (await kim.get('/v1/tasks')).status]).toEqual([name, 200]);
      await end(kim);
      const after = await kim.get('/v1/tasks');
      expect([name, ...codeOf(after)]).toEqual([name, 401, 'ended_session']);
      expect(String(after.headers['set-cookie'])).toContain('Max-Age=0');
      expect(after.headers['www-authenticate']).toBeUndefined();
    }
    expect(codeOf(await request(api.app).get('/v1/session'))).toEqual([401, 'missing_session']);
  });

  it('is kept by being used', async () => {
    const kim = await logInAs(api, nextLogin(), 'viewer');
    await api.db
      .sql`update sessions set last_used_at = last_used_at - interval '119 minutes' where user_id = ${kim.userId}`;
    expect((await kim.get('/v1/tasks')).status).toBe(200);
    await api.db
      .sql`update sessions set last_used_at = last_used_at - interval '119 minutes' where user_id = ${kim.userId}`;
    expect((await kim.get('/v1/tasks')).status).toBe(200);
  });

  it('obeys a changed role at the next request', async () => {
    const kim = await logInAs(api, nextLogin(), 'operator');
    const pause = () => kim.send('post', '/v1/customers/user:nobody/pause', { reason: 'r' });
    expect((await pause()).status).toBe(404);
    await changeRole(api.db, { userId: kim.userId, workspace: WORKSPACE, role: 'viewer' });
    const refused = await pause();
    expect(codeOf(refused)).toEqual([403, 'role_not_permitted']);
    expect(refused.body.detail).toBe('the role viewer does not permit this: it needs support, operator');
    await changeRole(api.db, { userId: kim.userId, workspace: WORKSPACE, role: 'support' });
    expect((await pause()).status).toBe(404);
  });

  it('goes to another workspace of its user, and to no other', async () => {
    const kim = await logInAs(api, nextLogin(), 'support', [WORKSPACE, OTHER]);
    await api.track('switcher', 'Product Viewed');
    expect((await kim.get('/v1/customers/user:switcher')).status).toBe(200);
    const moved = await kim.send('post', '/v1/session/workspace', { workspace: OTHER });
    expect([moved.status, moved.body.workspace]).toEqual([200, OTHER]);
    expect((await kim.get('/v1/customers/user:switcher')).status).toBe(404);
    const ada = await logInAs(api, nextLogin(), 'operator');
    expect(codeOf(await ada.send('post', '/v1/session/workspace', { workspace: OTHER }))).toEqual([
      404,
      'not_found',
    ]);
    expect((await ada.get('/v1/session')).body.workspace).toBe(WORKSPACE);
  });

  it('is one of several: logging out ends one of them', async () => {
    const login = nextLogin();
    const first = await logInAs(api, login, 'viewer');
    const second = await logIn(api.app, login);
    expect((await first.send('post', '/v1/session/end')).status).toBe(204);
    expect([(await first.get('/v1/session')).status, (await second.get('/v1/session')).status]).toEqual([
      401, 200,
    ]);
  });
});

describe('who acts', () => {
  it('is the person, whatever the body says', async () => {
    const kim = await logInAs(api, nextLogin(), 'operator');
    await api.track('acted-on', 'Product Viewed');
    await api.whileDeciding(async () => {
      await kim.send('post', '/v1/customers/user:acted-on/pause', {
        reason: 'asked',
        actor: 'somebody else',
      });
    });
    const view = await kim.get('/v1/customers/user:acted-on');
    expect(view.body.paused).toMatchObject({ actor: kim.login, reason: 'asked' });
    const { data } = (await kim.get('/v1/customers/user:acted-on/timeline')).body;
    expect(JSON.stringify(data)).toContain(kim.login);
    expect(JSON.stringify(data)).not.toContain('somebody else');
  });

  it('stands in the versions of the bundle: a login, or the label of a key', async () => {
    const kim = await logInAs(api, nextLogin(), 'marketer');
    const { files } = (await kim.get('/v1/config?text=true')).body as {
      files: { path: string; text: string }[];
    };
    const changed = files.map(({ path, text }) => ({
      path,
      text: path === 'workspace.yaml' ? `${text}\n# by kim\n` : text,
    }));
    expect((await kim.send('put', '/v1/config', { files: changed })).body).toMatchObject({ changed: true });
    await api.post('/v1/config/rollback', { version: 1 });
    const { data } = (await kim.get('/v1/config/versions')).body;
    const by = data.map((version: { appliedBy: string | null }) => version.appliedBy);
    expect(by).toEqual([`${WORKSPACE} api`, kim.login, null]);
  });
});

describe('one click', () => {
  const click = (app = api.app) => request(app).post('/v1/session/one-click');
  const options = async (app = api.app) => (await request(app).get('/v1/session/options')).body;

  it('is off unless the configuration asks for it', async () => {
    expect(codeOf(await click())).toEqual([404, 'not_found']);
    expect(await options()).toEqual({ oneClick: false });
  });

  it('logs the developer of this machine in as operator of all workspaces, and nobody through a tunnel', async () => {
    const app = createApp({ ...api.deps, config: { ...api.deps.config, oneClickLogin: true } });
    expect(await options(app)).toEqual({ oneClick: true });
    const [one, two] = await Promise.all([click(app), click(app)]);
    for (const answer of [one, two])
      expect([answer.status, answer.body]).toMatchObject([
        200,
        { user: { login: 'developer' }, role: 'operator', workspaces: [WORKSPACE, OTHER] },
      ]);
    expect((await click(app).set('Host', 'attacker.example')).status).toBe(404);
    for (const name of ['X-Forwarded-For', 'Forwarded', 'Via', 'X-Forwarded-Host'])
      expect((await click(app).set(name, 'x')).status).toBe(404);
    expect(codeOf(await click(app).set('Origin', 'https://evil.example'))).toEqual([403, 'foreign_origin']);
    // There is no password for this user.
    expect(codeOf(await tryLogin('developer', ''))).toEqual([400, 'invalid_request']);
    expect(codeOf(await tryLogin('developer', PASSWORD))).toEqual([401, 'wrong_login']);
  });
});
