import { z } from 'zod';
import { TASK_QUEUE } from './temporal/names.ts';

const schema = z.object({
  DATABASE_URL: z.string().startsWith('postgres', 'is not a Postgres URL'),
  HOST: z.string().default('127.0.0.1'),
  PORT: z.coerce.number().int().min(0).max(65_535).default(3000),
  PUBLIC_URL: z.url().optional(),
  SMTP_URL: z.string().startsWith('smtp', 'is not an SMTP URL').optional(),
  TASK_QUEUE: z.string().min(1).default(TASK_QUEUE),
  /** Signs unsubscribe links. */
  THROUGHLINE_SECRET: z.string().min(16, 'needs at least 16 characters'),
  LOG_LEVEL: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent']).default('info'),
});

export interface Config {
  databaseUrl: string;
  host: string;
  port: number;
  publicUrl: string;
  smtpUrl: string | null;
  taskQueue: string;
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
    taskQueue: e.TASK_QUEUE,
    secret: e.THROUGHLINE_SECRET,
    logLevel: e.LOG_LEVEL,
  };
}
