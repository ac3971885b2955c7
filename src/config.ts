import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { DEFAULT_LIMITS, type HttpLimits } from './api/server/limits.ts';
import type { Retention } from './app/retention/drop-expired.ts';
import { type ChannelSettings, channelSettings, refuseEntry } from './channels/channels-setting.ts';
import { smtpUrl, urlOf, webUrl } from './channels/url-settings.ts';
import { type CmsSettings, cmsSettings } from './content-sources/cms-setting.ts';
import { readPermittedSender, type SendingPermissions } from './domain/sending-permissions.ts';
import { DAY, type Millis } from './domain/time/time.ts';
import { type AllowList, NOTHING_ALLOWED, readAllowList } from './outbound/allow-list.ts';
import type { ConfiguredSource } from './sources/source-secrets.ts';
import { configuredSources } from './sources/sources-setting.ts';
import { TASK_QUEUE } from './workflows/identifiers.ts';

/** A variable that holds JSON. */
const json = z.string().transform((text, ctx) => {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    ctx.addIssue('must be JSON');
    return z.NEVER;
  }
});

/** Channels by id: `{"sms": {"url": "https://…", "secret": "…", "workspaces": ["aroma"]}}`. */
const channels = json.pipe(z.record(z.string(), channelSettings)).superRefine((entries, ctx) => {
  for (const [id, entry] of Object.entries(entries)) {
    const refusal = refuseEntry(id, entry);
    if (refusal !== null) ctx.addIssue({ code: 'custom', message: refusal, path: [id] });
  }
});

/** Hosts, addresses and networks that may be called although they are not public. */
const outboundAllow = z.string().transform((text, ctx): AllowList => {
  const allow = readAllowList(text);
  if (allow) return allow;
  ctx.addIssue('must be hosts, addresses or networks, separated by commas');
  return z.NEVER;
});

const permittedAddress = z.string().transform((entry, context) => {
  const permitted = readPermittedSender(entry);
  if (permitted === undefined)
    context.addIssue({ code: 'custom', message: 'must be an address, or @domain for all of a domain' });
  return permitted ?? entry;
});

/** Addresses that workspaces may send as: `{"aroma": ["hello@aroma.example", "@news.aroma.example"]}`. */
const senders = json.pipe(z.record(z.string(), z.array(permittedAddress)));

const ORIGIN = /^https?:\/\/(\*\.)?[a-z0-9.-]+(:\d{1,5})?$/i;

/** Sites that may show a page in a frame: they go into a header as they are. */
const origins = z.string().transform((text, ctx): string[] => {
  const list = text.split(/[\s,]+/).filter(Boolean);
  if (list.every((origin) => ORIGIN.test(origin))) return list;
  ctx.addIssue('must be origins without a path, separated by spaces');
  return z.NEVER;
});

/** Names of networks that Express knows, besides addresses and networks in CIDR notation. */
const PROXY_NETWORKS = ['loopback', 'linklocal', 'uniquelocal'];

const trustedProxies = z.string().transform((text, ctx): string[] => {
  const entries = text.split(',').map((entry) => entry.trim());
  if (
    entries.every(
      (entry) => PROXY_NETWORKS.includes(entry) || ipaddr.isValid(entry) || ipaddr.isValidCIDR(entry),
    )
  )
    return entries;
  ctx.addIssue(`must be addresses, networks, or ${PROXY_NETWORKS.join(', ')}, separated by commas`);
  return z.NEVER;
});

/** Hosts that only this machine reaches. */
const LOOPBACK = ['127.0.0.1', '::1', 'localhost'];

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

function wholeNumber(message: string) {
  return z.coerce.number({ error: message }).int(message);
}

const PORT_FORMAT = 'must be a port: 0 to 65535';
const port = wholeNumber(PORT_FORMAT).min(0, PORT_FORMAT).max(65_535, PORT_FORMAT);

/** Months of different lengths are no matter of retention: whole months are dropped. */
const RETENTION_UNITS: Record<string, Millis> = {
  d: DAY,
  day: DAY,
  w: 7 * DAY,
  week: 7 * DAY,
  month: 31 * DAY,
  year: 366 * DAY,
};

/**
 * A sender repeats an event within 90 days, and an erasure finds what else there is of an event by the event
 * itself: message ids for 90 days, refused events for 30.
 */
const SHORTEST_RETENTION = 92 * DAY;

/** How long rows are kept: `25 months`, `400d`. @param none the word for rows that are not stored */
function retention(description: string, none?: string) {
  return z
    .string()
    .transform((text, ctx): Millis => {
      if (text.trim() === none) return 0;
      const [, number, unit] = /^(\d{1,5}) ?(d|w|days?|weeks?|months?|years?)$/.exec(text.trim()) ?? [];
      const length = Number(number) * (RETENTION_UNITS[unit?.replace(/s$/, '') ?? ''] ?? Number.NaN);
      if (length >= SHORTEST_RETENTION) return length;
      ctx.addIssue(
        Number.isNaN(length)
          ? 'must be a length of time'
          : `must be at least ${SHORTEST_RETENTION / DAY} days`,
      );
      return z.NEVER;
    })
    .optional()
    .meta({ roles: 'api, relay', example: '25 months', description });
}

const MB = 1_000_000;
const SECOND = 1_000;

/** A limit of the HTTP server. */
function httpLimit(value: number, description: string) {
  return wholeNumber('must be a whole number')
    .min(1, 'must be at least 1')
    .default(value)
    .meta({ roles: 'api', example: String(value), description });
}

/**
 * The environment. `roles` and the descriptions appear in docs/reference/configuration.md; `example` is a value that is
 * valid, for messages about one that is missing or is not.
 */
export const environmentSchema = z.object({
  DATABASE_URL: urlOf(['postgres', 'postgresql'], 'must be the URL of a Postgres database').meta({
    roles: 'all',
    example: 'postgres://user:password@host:5432/throughline',
    description: 'Required. `postgres://…`, Postgres 14 or newer.',
  }),
  THROUGHLINE_SECRET: z.string().min(16, 'must have at least 16 characters').meta({
    roles: 'all',
    example: 'a secret text of at least 16 characters',
    description:
      'Required, at least 16 characters. Signs the links in messages, and hashes the addresses that a group of workspaces shares and those on the suppression list.',
  }),
  THROUGHLINE_PREVIOUS_SECRET: z.string().optional().meta({
    roles: 'api, worker, relay',
    example: 'the secret before, of at least 16 characters',
    description:
      'The secret before `THROUGHLINE_SECRET` was changed: addresses that were suppressed under it stay suppressed, and links that it signed stay valid.',
  }),
  HOST: z
    .string()
    .default('127.0.0.1')
    .meta({ roles: 'api', example: '0.0.0.0', description: 'The address on which the API listens.' }),
  PORT: port
    .default(3000)
    .meta({ roles: 'api', example: '3000', description: 'The port on which the API listens.' }),
  HEALTH_PORT: port.optional().meta({
    roles: 'all',
    example: '3001',
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
  PUBLIC_URL: webUrl.optional().meta({
    roles: 'all',
    example: 'https://journeys.aroma.example',
    description:
      'The base of the links in messages, and the address that client libraries get with their settings. Without it `http://HOST:PORT`. The worker needs it, too.',
  }),
  TRUSTED_PROXIES: trustedProxies.default([]).meta({
    roles: 'api',
    example: '10.2.0.0/16',
    description:
      'Addresses and networks of proxies in front of the API, whose `X-Forwarded-For` is believed: `10.2.0.0/16`, `loopback`, `uniquelocal`. Attempts to log in are counted by the address that they come from. Without it everybody behind a proxy has one address.',
  }),
  ONE_CLICK_LOGIN: z.enum(['true', 'false'], 'must be true or false').default('false').meta({
    roles: 'api',
    example: 'true',
    description:
      '`true`: the console logs in the developer of this machine without a password, as an operator of all workspaces. `npm start` sets it. It is refused unless `HOST` is a loopback address.',
  }),
  SMTP_URL: smtpUrl.optional().meta({
    roles: 'api, worker',
    example: 'smtp://user:password@mail.example:587',
    description:
      '`smtp://user:password@host:port` or `smtps://…`: the channel `email`, unless `CHANNELS` has an entry `email`. Without either e-mail deliveries fail at once, with that reason, and customers cannot erase their data themselves.',
  }),
  CHANNELS: channels.default({}).meta({
    roles: 'api, worker',
    example: '{"sms": {"url": "https://sms.example/send", "secret": "at least 16 characters"}}',
    description:
      'JSON, one entry per channel: `{"sms": {"kind": "webhook", "url": "https://…", "secret": "…"}}`. [Channels](../channels.md) has the fields of each kind; without `kind` it is `webhook`. Every entry may have `"rate"` (messages per second, over all workers), `"concurrency"` (messages that one worker sends at once) and `"workspaces": ["aroma"]` (no other workspace may use the channel).',
  }),
  CMS: json.pipe(cmsSettings).default({}).meta({
    roles: 'relay',
    example: '{"site": {"kind": "strapi", "url": "https://cms.aroma.example", "token": "…"}}',
    description:
      'JSON, one entry per CMS that bundles name in cms.yaml: `{"site": {"kind": "strapi", "url": "https://…", "token": "…"}}`. [The kinds](../language.md#content-of-a-cms) are `contentful`, `directus`, `rest` and `strapi`. `"workspaces": ["aroma"]`: no other workspace may name it.',
  }),
  OUTBOUND_ALLOW: outboundAllow.optional().meta({
    roles: 'api, relay, worker',
    example: 'sms.internal, 10.2.0.0/16',
    description:
      'Hosts, addresses and networks that may be called although their addresses are not public: `sms.internal, *.svc.cluster.local, 10.2.0.0/16`. Without it, URLs in settings and those that browsers state [lead to public addresses only](../security.md#calls-to-other-systems).',
  }),
  SOURCES: json.pipe(configuredSources).default({}).meta({
    roles: 'api',
    example: '{"helpdesk": {"workspace": "aroma", "secrets": ["the secret that the help desk shows"]}}',
    description:
      'JSON, the secrets of [sources](../sources.md) by id: `{"helpdesk": {"workspace": "aroma", "secrets": ["…"]}}`. With two secrets both are live: add the new one, change it at the sender, remove the old one.',
  }),
  SOURCES_FILE: z.string().optional().meta({
    roles: 'api',
    example: '/run/secrets/sources.json',
    description:
      'A file with the same JSON. It is read again when it changes, so secrets change without a restart. An id that both have is read from the file.',
  }),
  SENDERS: senders.optional().meta({
    roles: 'api, worker',
    example: '{"aroma": ["hello@aroma.example", "@news.aroma.example"]}',
    description:
      'JSON, the addresses that each workspace may name as its sender: `{"aroma": ["hello@aroma.example", "@news.aroma.example"]}`. A workspace that is not named sends nothing. Without it every workspace sends as the sender in its own bundle.',
  }),
  TEST_RECIPIENTS: json.pipe(z.array(permittedAddress)).default([]).meta({
    roles: 'api',
    example: '["kim@aroma.example", "@team.aroma.example"]',
    description:
      'JSON, the addresses that previews of mails may be sent to: `["kim@aroma.example", "@team.aroma.example"]`. Without it none are.',
  }),
  CONSOLE_EMBED_ANCESTORS: origins.optional().meta({
    roles: 'api',
    example: 'https://aroma.zendesk.com https://*.help.aroma.example',
    description:
      'The sites that may show [the embedded page of a customer](../console.md) in a frame, as origins separated by spaces: `https://aroma.zendesk.com`. Without it none may.',
  }),
  SWEEP_RATE: wholeNumber('must be a whole number')
    .min(1, 'must be at least 1')
    .default(2_000)
    .meta({ roles: 'worker', example: '2000', description: 'Customers that a sweep evaluates per second.' }),
  RETAIN_EVENTS: retention(
    'How long events are kept: `25 months`, `400d`; at least 92 days. Whole months (UTC) are dropped, except for [what is still needed](../operations.md#growth). Without it events are kept without limit.',
  ),
  RETAIN_DECISIONS: retention(
    'The same for decisions and the facts that they used. Without it decisions are kept without limit.',
  ),
  RETAIN_CONTENT: retention(
    'The same for what was sent: subject and text of each message, for support. `none`: it is not stored at all. Without it content is kept without limit.',
    'none',
  ).meta({ roles: 'api, relay, worker' }),
  TEMPORAL_UI_URL: webUrl.optional().meta({
    roles: 'api',
    example: 'https://temporal.example',
    description:
      "The address of Temporal's UI, for people who use the console: it links workflows there. Without it there are no such links.",
  }),
  TASK_QUEUE: z.string().min(1).default(TASK_QUEUE).meta({
    roles: 'all',
    example: 'throughline',
    description: 'The task queue of decisions. Each channel appends its id for a queue of its own.',
  }),
  LOG_LEVEL: z
    .enum(LOG_LEVELS, `must be one of ${LOG_LEVELS.join(', ')}`)
    .default('info')
    .meta({ roles: 'all', example: 'info', description: "pino's levels, or `silent`." }),
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
  /** The channels by id: those of `CHANNELS`, and `email` over SMTP if only `SMTP_URL` is set. */
  channels: Record<string, ChannelSettings>;
  /** The CMSs by id. */
  cms: Record<string, CmsSettings>;
  /** What may be called although its address is not public. */
  outboundAllow: AllowList;
  /** Secrets of the sources of webhooks, by id. */
  sources: Readonly<Record<string, ConfiguredSource>>;
  /** A file of more of them, that may change; null: none. */
  sourcesFile: string | null;
  /** What the operator lets workspaces send. */
  permissions: SendingPermissions;
  /** The addresses, and `@domain`, that previews may be sent to. */
  testRecipients: string[];
  /** Origins that may show the console's embedded page in a frame. */
  embedAncestors: string[];
  /** Addresses and networks of proxies that say for whom they call. */
  trustedProxies: string[];
  /** Whether the developer of this machine logs in to the console with one click. */
  oneClickLogin: boolean;
  /** What clients may take of the API. */
  http: HttpLimits;
  /** How long events, decisions and content are kept; null: without limit; 0: content is not stored. */
  retention: Retention;
  /** Where people look at workflows; null: nowhere. */
  temporalUiUrl: string | null;
  taskQueue: string;
  /** Customers that a sweep evaluates per second. */
  sweepRate: number;
  secret: string;
  previousSecret: string | null;
  logLevel: string;
}

const retentionSchema = environmentSchema.pick({
  RETAIN_EVENTS: true,
  RETAIN_DECISIONS: true,
  RETAIN_CONTENT: true,
});

/**
 * Reads how long events, decisions and content are kept, for a command that needs nothing else.
 *
 * @throws Error with one line per variable that is invalid.
 */
export function readRetention(env: NodeJS.ProcessEnv): Retention {
  return toRetention(parse(retentionSchema, env));
}

function toRetention(variables: z.infer<typeof retentionSchema>): Retention {
  return {
    events: variables.RETAIN_EVENTS ?? null,
    decisions: variables.RETAIN_DECISIONS ?? null,
    sent_messages: variables.RETAIN_CONTENT ?? null,
  };
}

/**
 * Reads the configuration from environment variables. An empty one counts as missing.
 *
 * @throws Error with one line per variable that is missing or invalid.
 */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const variables = parse(environmentSchema, env);
  const oneClickLogin = variables.ONE_CLICK_LOGIN === 'true';
  if (oneClickLogin && !LOOPBACK.includes(variables.HOST))
    throw new Error(`ONE_CLICK_LOGIN: needs HOST to be one of ${LOOPBACK.join(', ')}: it needs no password`);
  return {
    databaseUrl: variables.DATABASE_URL,
    host: variables.HOST,
    port: variables.PORT,
    healthPort: variables.HEALTH_PORT ?? null,
    clientUrl: variables.PUBLIC_URL?.replace(/\/$/, '') ?? null,
    publicUrl: (variables.PUBLIC_URL ?? `http://${variables.HOST}:${variables.PORT}`).replace(/\/$/, ''),
    smtpUrl: variables.SMTP_URL ?? null,
    channels: {
      ...(variables.SMTP_URL === undefined ? {} : { email: { kind: 'smtp', url: variables.SMTP_URL } }),
      ...variables.CHANNELS,
    },
    cms: variables.CMS,
    outboundAllow: variables.OUTBOUND_ALLOW ?? NOTHING_ALLOWED,
    sources: variables.SOURCES,
    sourcesFile: variables.SOURCES_FILE ?? null,
    permissions: {
      senders: variables.SENDERS ?? null,
      channels: Object.fromEntries(
        Object.entries(variables.CHANNELS).flatMap(([id, { workspaces }]) =>
          workspaces ? [[id, workspaces]] : [],
        ),
      ),
    },
    testRecipients: variables.TEST_RECIPIENTS,
    embedAncestors: variables.CONSOLE_EMBED_ANCESTORS ?? [],
    trustedProxies: variables.TRUSTED_PROXIES,
    oneClickLogin,
    http: {
      connections: variables.HTTP_CONNECTIONS,
      connectionsPerAddress: variables.HTTP_CONNECTIONS_PER_ADDRESS,
      pipelined: variables.HTTP_PIPELINED,
      writeMs: variables.HTTP_WRITE_SECONDS * SECOND,
      bufferedBytes: variables.HTTP_BUFFERED_MB * MB,
      bodyBytes: variables.HTTP_BODIES_MB * MB,
    },
    retention: toRetention(variables),
    temporalUiUrl: variables.TEMPORAL_UI_URL?.replace(/\/$/, '') ?? null,
    taskQueue: variables.TASK_QUEUE,
    sweepRate: variables.SWEEP_RATE,
    secret: variables.THROUGHLINE_SECRET,
    previousSecret: variables.THROUGHLINE_PREVIOUS_SECRET ?? null,
    logLevel: variables.LOG_LEVEL,
  };
}

function parse<Schema extends z.ZodType>(schema: Schema, env: NodeJS.ProcessEnv): z.infer<Schema> {
  const parsed = schema.safeParse(
    Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim() !== '')),
  );
  if (!parsed.success) throw new Error(parsed.error.issues.map(describeIssue).join('\n'));
  return parsed.data;
}

/** `PORT: must be a port: 0 to 65535; for example PORT=3000`. The value itself may be a secret, and is left out. */
function describeIssue({ code, path, message }: z.core.$ZodIssue): string {
  const name = String(path[0]);
  const example = `${name}=${environmentSchema.shape[name as keyof typeof environmentSchema.shape].meta()?.example}`;
  const isMissing = code === 'invalid_type' && message.endsWith('received undefined');
  return `${path.join('.')}: ${isMissing ? 'is missing' : message}; for example ${example}`;
}
