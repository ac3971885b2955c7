import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Express } from 'express';
import pino from 'pino';
import request from 'supertest';
import type { Scope } from '../../../db/access/keys.ts';
import type { Database } from '../../../db/client.ts';
import { createBundleCache } from '../../../db/config/bundle-cache.ts';
import { SCOPES } from '../../../db/schema/values.ts';
import { type ApiDeps, createApp, listen } from '../../../src/api/app.ts';
import { createKey } from '../../../src/app/api-keys/keys.ts';
import { activateBundle } from '../../../src/app/config/activate-bundle.ts';
import { decideNextBestAction } from '../../../src/app/decide/journey.ts';
import { createLearnedModels } from '../../../src/app/decide/learned-models.ts';
import type { DecisionServices } from '../../../src/app/decide/services.ts';
import { IntakeBatcher } from '../../../src/app/intake/batcher.ts';
import { raiseAgentTask } from '../../../src/app/tasks/raise-agent-task.ts';
import { lookUpZone } from '../../../src/app/time-zones.ts';
import { createEvaluator } from '../../../src/definitions/cel/evaluate.ts';
import { recompileBundle } from '../../../src/definitions/compile/recompile.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import { createTrackedHits } from '../../../src/service/create-tracked-hits.ts';
import type { ConfiguredSource } from '../../../src/sources/source-secrets.ts';
import type { JourneyClient } from '../../../src/temporal/journey-client.ts';
import type { LiveState } from '../../../src/workflows/messages.ts';
import { type BundleFile, readBundleDir, treatEveryCustomer } from '../../support/bundles.ts';
import { createTestDatabase } from '../../support/database.ts';
import { inlineCompiler } from '../../support/inline-compiler.ts';
import { AROMA } from '../../support/paths.ts';
import { checkReply } from './check-reply.ts';

export const WORKSPACE = 'aroma';
/** Another workspace, whose records must never be visible. */
export const OTHER = 'other';
export const SECRET = 'a secret for the tests only';
/** How long a command waits for its decision while decisions are made. */
const PATIENCE_MS = 30_000;
const ALL: Scope[] = [...SCOPES];

/** A journey client that runs no workflows: tests make the decisions themselves. */
interface FakeJourneys extends JourneyClient {
  live: LiveState | null | Error;
  up: boolean;
}

export interface TestApi {
  /** The secrets of sources of webhooks, by id. */
  sources: Map<string, ConfiguredSource>;
  app: Express;
  deps: ApiDeps;
  db: Database;
  /** The URL of the database. */
  databaseUrl: string;
  journeys: FakeJourneys;
  keys: { write: string; browser: string; api: string; otherWrite: string; otherApi: string };
  /** Sends events with the write key. */
  batch(...events: Record<string, unknown>[]): Promise<void>;
  track(userId: string, event: string, properties?: Record<string, unknown>): Promise<void>;
  get(path: string, key?: string): request.Test;
  post(path: string, body?: object, key?: string): request.Test;
  put(path: string, body?: object, key?: string): request.Test;
  /** Makes decisions and raises tasks until no journey has unprocessed events. */
  decide(): Promise<void>;
  /** Does the same in the background until stopped, as relay and worker do. */
  decideAlways(): { stop(): Promise<void> };
  /** Does the same while `work` runs, also if it fails. */
  whileDeciding<T>(work: () => Promise<T>): Promise<T>;
  customerOf(userId: string): Promise<string>;
  stop(): Promise<void>;
}

export async function startApi(
  limits: ApiDeps['limits'] = {},
  change: (files: BundleFile[]) => BundleFile[] = treatEveryCustomer,
): Promise<TestApi> {
  const { db, url: databaseUrl, drop } = await createTestDatabase();
  const bundles = createBundleCache((_, ...bundle) => recompileBundle(...bundle));
  const journeys = fakeJourneys();
  const decisionServices: DecisionServices = {
    db,
    bundles,
    evaluate: createEvaluator(),
    zones: lookUpZone,
    ...createLearnedModels(),
    secret: SECRET,
  };
  const metrics = createMetrics();
  const log = pino({ level: process.env.TEST_LOG ?? 'silent' });
  const services = { db, bundles, config: { secret: SECRET }, metrics, log };
  const hits = createTrackedHits(services, { holdMs: 20, soonestAnswer: 0 });
  const sources = new Map<string, ConfiguredSource>();
  const deps: ApiDeps = {
    ...decisionServices,
    compiler: inlineCompiler,
    intake: new IntakeBatcher({ db, bundles, secret: SECRET }),
    sources: { find: (id) => sources.get(id) },
    journeys,
    config: { publicUrl: 'http://localhost', secret: SECRET },
    hits,
    metrics,
    log,
    limits: { keyCacheMs: 0, waitMs: 300, ...limits },
  };
  const app = createApp(deps);
  // While decisions are made, a command is processed at some time, however busy the machine is.
  const patientApp = createApp({ ...deps, limits: { ...deps.limits, waitMs: PATIENCE_MS } });
  let deciding = 0;
  const keyOf = (workspace: string, kind: 'write' | 'browser' | 'api') =>
    createKey(db, { workspace, kind, scopes: ALL, label: `${workspace} ${kind}` });
  const keys = {
    write: await keyOf(WORKSPACE, 'write'),
    browser: await keyOf(WORKSPACE, 'browser'),
    api: await keyOf(WORKSPACE, 'api'),
    otherWrite: await keyOf(OTHER, 'write'),
    otherApi: await keyOf(OTHER, 'api'),
  };
  const activation = await activateBundle(
    { db, compiler: inlineCompiler },
    WORKSPACE,
    change(await readBundleDir(AROMA)),
  );
  if (!activation.ok) throw new Error(JSON.stringify(activation.errors));

  const call = (method: 'get' | 'post' | 'put', path: string, key: string) =>
    request(deciding > 0 ? patientApp : app)
      [method](path)
      .auth(key, { type: 'bearer' })
      .expect((answer) => checkReply(method, path, answer));
  const api: TestApi = {
    sources,
    app,
    deps,
    db,
    databaseUrl,
    journeys,
    keys,
    async batch(...events) {
      const body = { batch: events };
      const { status, text } = await request(app).post('/v1/batch').auth(keys.write, '').send(body);
      if (status !== 200) throw new Error(`${status} ${text}`);
    },
    track: (userId, event, properties = {}) => api.batch({ type: 'track', userId, event, properties }),
    get: (path, key = keys.api) => call('get', path, key),
    post: (path, body = {}, key = keys.api) => call('post', path, key).send(body),
    put: (path, body = {}, key = keys.api) => call('put', path, key).send(body),
    decide: () => decideAll(decisionServices),
    decideAlways() {
      let going = true;
      deciding += 1;
      const running = (async () => {
        while (going) {
          await decideAll(decisionServices);
          await new Promise((resolve) => setTimeout(resolve, 10));
        }
      })();
      return {
        async stop() {
          going = false;
          deciding -= 1;
          await running;
        },
      };
    },
    async whileDeciding(work) {
      const deciding = api.decideAlways();
      try {
        return await work();
      } finally {
        await deciding.stop();
      }
    },
    async customerOf(userId) {
      const [row] = await db.sql`
        select customer_id as id from identities where workspace = ${WORKSPACE} and type = 'user' and value = ${userId}`;
      if (!row) throw new Error(`nobody is ${userId}`);
      return row.id;
    },
    stop: drop,
  };
  return api;
}

async function decideAll(deps: DecisionServices): Promise<void> {
  for (;;) {
    // All requested wakes, leased or not: the relay holds results of effects back for a while.
    const wakes = await deps.db.sql<{ customerId: string; workspace: string }[]>`
      select customer_id as "customerId", workspace from wakes where requested_seq > processed_seq order by customer_id`;
    if (wakes.length === 0) return;
    for (const { customerId, workspace } of wakes) {
      const [row] = await deps.db.sql`select ordinal from journeys where customer_id = ${customerId}`;
      const ordinal = row ? row.ordinal + 1 : null;
      const request = { workspace, customerId, ordinal, now: Date.now() };
      const answer = await decideNextBestAction(deps, {
        ...request,
        directEvents: [],
        effectsSettled: false,
        rollingOver: false,
      });
      if (answer.kind === 'gone') {
        await deps.db.sql`update wakes set processed_seq = requested_seq where customer_id = ${customerId}`;
        continue;
      }
      for (const { kind, id } of answer.effects) {
        if (kind === 'raise_agent_task')
          await raiseAgentTask(deps, { workspace, customerId, id, now: Date.now() });
      }
    }
  }
}

function fakeJourneys(): FakeJourneys {
  const fake: FakeJourneys = {
    live: null,
    up: true,
    remind: async () => null,
    readSignals: async () => ({ directEvents: [] }),
    restart: async () => {},
    signal: async () => {},
    erase: async () => 0,
    query: async () => {
      if (fake.live instanceof Error) throw fake.live;
      return fake.live;
    },
    check: async () => (fake.up ? { kind: 'answers' } : { kind: 'away', detail: 'Temporal does not answer' }),
  };
  return fake;
}

/** Listens on a free port. */
export async function serve(app: Express): Promise<{ url: string; server: Server; stop(): Promise<void> }> {
  const server = await listen(app, { host: '127.0.0.1', port: 0 });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    server,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
