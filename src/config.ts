import { z } from 'zod';
import { DEFAULT_LIMITS, type HttpLimits } from './api/server/limits.ts';
import { readPermittedSender, type SendingPermissions } from './domain/sending-permissions.ts';
import { TASK_QUEUE } from './workflows/identifiers.ts';

/** A variable that holds JSON. */
function json(example: string) {
  return z.string().transform((text, ctx) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      ctx.addIssue(`is not JSON: write ${example}`);
      return z.NEVER;
    }
  });
}

const workspaceIds = z.array(z.string().min(1));

/** Channels behind HTTP, by id: `{"sms": {"url": "https://…", "secret": "…", "workspaces": ["aroma"]}}`. */
const channels = json('{"sms": {"url": "https://…", "secret": "…"}}')
  .pipe(
    z.record(
      z.string(),
      z.strictObject({
        url: z.url({ protocol: /^https?$/ }),
        secret: z.string().min(16, 'needs at least 16 characters'),
        workspaces: workspaceIds.optional(),
      }),
    ),
  )
  .superRefine((targets, ctx) => {
    for (const id of Object.keys(targets)) {
      if (id === 'email' || id === 'agent_desk') ctx.addIssue(`${id} is built in: set SMTP_URL for e-mail`);
      else if (!/^[a-z][a-z0-9_]*$/.test(id)) ctx.addIssue(`${id} is not a channel id: use a-z, 0-9 and _`);
    }
  });

/** Addresses that workspaces may send as: `{"aroma": ["hello@aroma.example", "@news.aroma.example"]}`. */
const senders = json('{"aroma": ["hello@aroma.example"]}').pipe(
  z.record(
    z.string(),
    z.array(
      z.string().transform((entry, context) => {
        const permitted = readPermittedSender(entry);
        if (permitted === undefined)
          context.addIssue({ code: 'custom', message: 'must be an address, or @domain for all of a domain' });
        return permitted ?? entry;
      }),
    ),
  ),
);

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

function wholeNumber(message: string) {
  return z.coerce.number({ error: message }).int(message);
}

const MB = 1_000_000;
const SECOND = 1_000;

/** A limit of the HTTP server. */
function httpLimit(value: number, description: string) {
  return wholeNumber('must be a whole number')
    .min(1, 'must be at least 1')
    .default(value)
    .meta({ roles: 'api', description });
}

/** The environment. `roles` and the descriptions appear in docs/reference/configuration.md. */
export const environmentSchema = z.object({
  DATABASE_URL: z.string().startsWith('postgres', 'is not a Postgres URL').meta({
    roles: 'all',
    example: 'postgres://user:password@host:5432/throughline',
    description: 'Required. `postgres://…`, Postgres 14 or newer.',
  }),
  THROUGHLINE_SECRET: z.string().min(16, 'needs at least 16 characters').meta({
    roles: 'all',
    example: 'a secret text of at least 16 characters',
    description:
      'Required, at least 16 characters. Signs the links in messages, and hashes the addresses that a group of workspaces shares and those on the suppression list.',
  }),
  THROUGHLINE_PREVIOUS_SECRET: z.string().optional().meta({
    roles: 'api, worker, relay',
    description:
      'The secret before `THROUGHLINE_SECRET` was changed: addresses that were suppressed under it stay suppressed, and links that it signed stay valid.',
  }),
  HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ roles: 'api', description: 'The address on which the API listens.' }),
  PORT: wholeNumber('must be a port: 0 to 65535')
    .min(0, 'must be a port: 0 to 65535')
    .max(65_535, 'must be a port: 0 to 65535')
    .default(3000)
    .meta({ roles: 'api', description: 'The port on which the API listens.' }),
  HEALTH_PORT: wholeNumber('must be a port: 0 to 65535')
    .min(0, 'must be a port: 0 to 65535')
    .max(65_535, 'must be a port: 0 to 65535')
    .optional()
    .meta({
      roles: 'all',
      description:
        'The port on which the process answers `/healthz` and `/readyz` about itself and serves `/metrics`, whatever its roles. It needs no key: keep it in a private network. Without it only the API answers, on `PORT`, and nobody serves `/metrics`.',
    }),
  HTTP_CONNECTIONS: httpLimit(DEFAULT_LIMITS.connections, 'Connections that are open at once.'),
  HTTP_CONNECTIONS_PER_ADDRESS: httpLimit(
    DEFAULT_LIMITS.connectionsPerAddress,
    'Connections that are open at once from one address. A proxy in front of the API is one address.',
  ),
  HTTP_PIPELINED: httpLimit(
    DEFAULT_LIMITS.pipelined,
    'Requests that one connection may have waiting for the answer before them. One that sends more is closed.',
  ),
  HTTP_WRITE_SECONDS: httpLimit(
    DEFAULT_LIMITS.writeMs / SECOND,
    'After so many seconds a connection is closed whose client takes none of its answer.',
  ),
  HTTP_BUFFERED_MB: httpLimit(
    DEFAULT_LIMITS.bufferedBytes / MB,
    'Megabytes of answers that wait for their clients. Beyond it, connections are closed whose clients take nothing.',
  ),
  HTTP_BODIES_MB: httpLimit(
    DEFAULT_LIMITS.bodyBytes / MB,
    'Megabytes of request bodies that are being received. Beyond it, the connections of the largest are closed.',
  ),
  PUBLIC_URL: z.url('is not a URL: write https://…').optional().meta({
    roles: 'all',
    description:
      'The base of the links in messages, and the address that client libraries get with their settings. Without it `http://HOST:PORT`. The worker needs it, too.',
  }),
  SMTP_URL: z.string().startsWith('smtp', 'is not an SMTP URL').optional().meta({
    roles: 'api, worker',
    description:
      '`smtp://user:password@host:port` or `smtps://…`. Without it e-mail deliveries fail at once, with that reason, and customers cannot erase their data themselves.',
  }),
  CHANNELS: channels.default({}).meta({
    roles: 'api, worker',
    description:
      'JSON, one entry per channel with `via: webhook`: `{"sms": {"url": "https://…", "secret": "…"}}`. With `"workspaces": ["aroma"]` in an entry, no other workspace may use the channel.',
  }),
  SENDERS: senders.optional().meta({
    roles: 'api, worker',
    description:
      'JSON, the addresses that each workspace may name as its sender: `{"aroma": ["hello@aroma.example", "@news.aroma.example"]}`. A workspace that is not named sends nothing. Without it every workspace sends as the sender in its own bundle.',
  }),
  SWEEP_RATE: wholeNumber('must be a whole number')
    .min(1, 'needs at least one customer a second')
    .default(2_000)
    .meta({ roles: 'worker', description: 'Customers that a sweep evaluates per second.' }),
  TASK_QUEUE: z.string().min(1).default(TASK_QUEUE).meta({
    roles: 'relay, worker',
    description: 'The task queue of decisions. Each channel appends its id for a queue of its own.',
  }),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
    .default('info')
    .meta({ roles: 'all', description: "pino's levels, or `silent`." }),
});

export interface Config {
  databaseUrl: string;
  host: string;
  port: number;
  /** Where the process answers about itself; null: nowhere. */
  healthPort: number | null;
  publicUrl: string;
  /** `PUBLIC_URL` if it is set: the address that the settings of client libraries name. */
  clientUrl: string | null;
  smtpUrl: string | null;
  /** Endpoints of the webhook channels, by channel id. */
  channels: Record<string, { url: string; secret: string }>;
  /** What the operator lets workspaces send. */
  permissions: SendingPermissions;
  /** What clients may take of the API. */
  http: HttpLimits;
  taskQueue: string;
  /** Customers that a sweep evaluates per second. */
  sweepRate: number;
  secret: string;
  previousSecret: string | null;
  logLevel: string;
}

/**
 * Reads the configuration from environment variables. An empty one counts as missing.
 *
 * @throws Error with one line per variable that is missing or invalid.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = environmentSchema.safeParse(
    Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== '')),
  );
  if (!parsed.success) throw new Error(parsed.error.issues.map(describeIssue).join('\n'));
  const variables = parsed.data;
  return {
    databaseUrl: variables.DATABASE_URL,
    host: variables.HOST,
    port: variables.PORT,
    healthPort: variables.HEALTH_PORT ?? null,
    clientUrl: variables.PUBLIC_URL?.replace(/\/$/, '') ?? null,
    publicUrl: (variables.PUBLIC_URL ?? `http://${variables.HOST}:${variables.PORT}`).replace(/\/$/, ''),
    smtpUrl: variables.SMTP_URL ?? null,
    channels: variables.CHANNELS,
    permissions: {
      senders: variables.SENDERS ?? null,
      channels: Object.fromEntries(
        Object.entries(variables.CHANNELS).flatMap(([id, { workspaces }]) =>
          workspaces ? [[id, workspaces]] : [],
        ),
      ),
    },
    http: {
      connections: variables.HTTP_CONNECTIONS,
      connectionsPerAddress: variables.HTTP_CONNECTIONS_PER_ADDRESS,
      pipelined: variables.HTTP_PIPELINED,
      writeMs: variables.HTTP_WRITE_SECONDS * SECOND,
      bufferedBytes: variables.HTTP_BUFFERED_MB * MB,
      bodyBytes: variables.HTTP_BODIES_MB * MB,
    },
    taskQueue: variables.TASK_QUEUE,
    sweepRate: variables.SWEEP_RATE,
    secret: variables.THROUGHLINE_SECRET,
    previousSecret: variables.THROUGHLINE_PREVIOUS_SECRET ?? null,
    logLevel: variables.LOG_LEVEL,
  };
}

/** `DATABASE_URL is missing: set it to postgres://…`, or what is wrong with its value. */
function describeIssue({ code, path, message }: z.core.$ZodIssue): string {
  const name = String(path[0]);
  const isMissing = code === 'invalid_type' && message.endsWith('received undefined');
  if (!isMissing) return `${path.join('.')}: ${message}`;
  const variable = environmentSchema.shape[name as keyof typeof environmentSchema.shape];
  return `${name} is missing: set it to ${variable.meta()?.example}`;
}
