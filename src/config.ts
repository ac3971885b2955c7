import { z } from 'zod';
import { TASK_QUEUE } from './workflows/identifiers.ts';

/** Channels behind HTTP, by id: `{"sms": {"url": "https://…", "secret": "…"}}`. */
const channels = z
  .string()
  .default('{}')
  .transform((text, ctx) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      ctx.addIssue('is not JSON: write {"sms": {"url": "https://…", "secret": "…"}}');
      return z.NEVER;
    }
  })
  .pipe(
    z.record(
      z.string(),
      z.strictObject({
        url: z.url({ protocol: /^https?$/ }),
        secret: z.string().min(16, 'needs at least 16 characters'),
      }),
    ),
  )
  .superRefine((targets, ctx) => {
    for (const id of Object.keys(targets)) {
      if (id === 'email' || id === 'agent_desk') ctx.addIssue(`${id} is built in: e-mail goes by SMTP_URL`);
      else if (!/^[a-z][a-z0-9_]*$/.test(id)) ctx.addIssue(`${id} is no id of a channel: use a-z, 0-9 and _`);
    }
  });

const schema = z.object({
  DATABASE_URL: z.string().startsWith('postgres', 'is not a Postgres URL'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  PUBLIC_URL: z.url().optional(),
  SMTP_URL: z.string().startsWith('smtp', 'is not an SMTP URL').optional(),
  CHANNELS: channels,
  TASK_QUEUE: z.string().min(1).default(TASK_QUEUE),
  SWEEP_RATE: z.coerce.number().int().min(1, 'needs at least one customer a second').default(2_000),
  /** Signs the links of messages, and hashes addresses that a group of workspaces shares. */
  THROUGHLINE_SECRET: z.string().min(16, 'needs at least 16 characters'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export interface Config {
  databaseUrl: string;
  host: string;
  port: number;
  publicUrl: string;
  smtpUrl: string | null;
  /** Endpoints of the channels that go out by webhook, by the channel's id. */
  channels: Record<string, { url: string; secret: string }>;
  taskQueue: string;
  /** Customers that a sweep looks at per second. */
  sweepRate: number;
  secret: string;
  logLevel: string;
}

/** Reads the environment. @throws Error with one line per variable that is wrong. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const parsed = schema.safeParse(env);
  if (!parsed.success) {
    throw new Error(
      parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('\n'),
    );
  }
  const e = parsed.data;
  return {
    databaseUrl: e.DATABASE_URL,
    host: e.HOST,
    port: e.PORT,
    publicUrl: (e.PUBLIC_URL ?? `http://${e.HOST}:${e.PORT}`).replace(/\/$/, ''),
    smtpUrl: e.SMTP_URL ?? null,
    channels: e.CHANNELS,
    taskQueue: e.TASK_QUEUE,
    sweepRate: e.SWEEP_RATE,
    secret: e.THROUGHLINE_SECRET,
    logLevel: e.LOG_LEVEL,
  };
}
