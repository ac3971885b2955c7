import { describe, expect, test } from 'vitest';
import { environmentSchema, readConfig } from '../../../src/config.ts';

const COMPLETE = { DATABASE_URL: 'postgres://x', THROUGHLINE_SECRET: 'a secret for the tests only' };

const SECRET = 'THROUGHLINE_SECRET=a secret text of at least 16 characters';

test.each([
  [
    'nothing',
    {},
    'DATABASE_URL: is missing; for example DATABASE_URL=postgres://user:password@host:5432/throughline\n' +
      `THROUGHLINE_SECRET: is missing; for example ${SECRET}`,
  ],
  [
    'an empty variable',
    { ...COMPLETE, THROUGHLINE_SECRET: ' ' },
    `THROUGHLINE_SECRET: is missing; for example ${SECRET}`,
  ],
  [
    'several problems at once',
    { ...COMPLETE, DATABASE_URL: undefined, PORT: 'http', CHANNELS: '{"sms": {"secret": "short"}}' },
    'DATABASE_URL: is missing; for example DATABASE_URL=postgres://user:password@host:5432/throughline\n' +
      'PORT: must be a port: 0 to 65535; for example PORT=3000\n' +
      ['url: is missing', 'secret: must have at least 16 characters']
        .map(
          (problem) =>
            `CHANNELS.sms.${problem}; for example CHANNELS={"sms": {"url": "https://sms.example/send", "secret": "at least 16 characters"}}`,
        )
        .join('\n'),
  ],
])('readConfig names each variable, its format and an example: %s', (_name, env, message) => {
  expect(() => readConfig(env)).toThrow(new Error(message));
});

/** Of each variable, a value that is none, and what the message says of the format. */
const MALFORMED: Record<string, [value: string, format: string][]> = {
  DATABASE_URL: [
    ['mysql://x', 'must be the URL of a Postgres database'],
    ['postgres//x', 'must be the URL of a Postgres database'],
    ['postgres://[', 'must be the URL of a Postgres database'],
  ],
  THROUGHLINE_SECRET: [['short', 'must have at least 16 characters']],
  PORT: [
    ['http', 'must be a port: 0 to 65535'],
    ['70000', 'must be a port: 0 to 65535'],
    ['-1', 'must be a port: 0 to 65535'],
  ],
  HEALTH_PORT: [['3001.5', 'must be a port: 0 to 65535']],
  ...Object.fromEntries(
    ['CONNECTIONS', 'CONNECTIONS_PER_ADDRESS', 'PIPELINED', 'WRITE_SECONDS', 'BUFFERED_MB', 'BODIES_MB'].map(
      (name) => [
        `HTTP_${name}`,
        [
          ['many', 'must be a whole number'],
          ['0', 'must be at least 1'],
        ],
      ],
    ),
  ),
  PUBLIC_URL: [
    ['shop', 'must be a URL that begins with https:// or http://'],
    ['ftp://shop.example', 'must be a URL that begins with https:// or http://'],
  ],
  TEMPORAL_UI_URL: [['temporal', 'must be a URL that begins with https:// or http://']],
  SMTP_URL: [['mail.example:25', 'must be the URL of a mail server']],
  CHANNELS: [['sms', 'must be JSON']],
  OUTBOUND_ALLOW: [['http://sms.internal', 'must be hosts, addresses or networks, separated by commas']],
  SENDERS: [['aroma', 'must be JSON']],
  SOURCES: [['helpdesk', 'must be JSON']],
  CMS: [['strapi', 'must be JSON']],
  TEST_RECIPIENTS: [['kim@aroma.example', 'must be JSON']],
  TRUSTED_PROXIES: [
    ['everybody', 'must be addresses, networks, or loopback, linklocal, uniquelocal, separated by commas'],
    ['10.2.0.0/40', 'must be addresses, networks, or loopback, linklocal, uniquelocal, separated by commas'],
  ],
  ONE_CLICK_LOGIN: [['yes', 'must be true or false']],
  CONSOLE_EMBED_ANCESTORS: [
    ['https://a.example/path', 'must be origins without a path, separated by spaces'],
    ["https://a.example; script-src 'none'", 'must be origins without a path, separated by spaces'],
    ['*', 'must be origins without a path, separated by spaces'],
  ],
  ...Object.fromEntries(
    ['EVENTS', 'DECISIONS', 'CONTENT'].map((name) => [
      `RETAIN_${name}`,
      [
        ['soon', 'must be a length of time'],
        ['2 weeks', 'must be at least 92 days'],
      ],
    ]),
  ),
  SWEEP_RATE: [['1.5', 'must be a whole number']],
  LOG_LEVEL: [['loud', 'must be one of fatal, error, warn, info, debug, trace, silent']],
};
/** Any text is a value of these. */
const ANY_TEXT = ['THROUGHLINE_PREVIOUS_SECRET', 'HOST', 'TASK_QUEUE', 'SOURCES_FILE'];

describe.each(Object.entries(environmentSchema.shape))('%s', (name, schema) => {
  const { example } = schema.meta() ?? {};

  test('has an example that is valid', () => {
    expect(String(example)).not.toBe('undefined');
    expect(() => readConfig({ ...COMPLETE, [name]: String(example) })).not.toThrow();
  });

  test('says of a value that is none which format it has, without the value', () => {
    if (ANY_TEXT.includes(name)) return;
    expect(MALFORMED[name]?.length).toBeGreaterThan(0);
    for (const [value, format] of MALFORMED[name] ?? [])
      expect(() => readConfig({ ...COMPLETE, [name]: value })).toThrow(
        new Error(`${name}: ${format}; for example ${name}=${example}`),
      );
  });
});

test('an empty variable has its default', () => {
  expect(readConfig({ ...COMPLETE, PORT: '', HOST: '' })).toMatchObject({ port: 3000, host: '127.0.0.1' });
});

test('one click is refused where other machines reach the API', () => {
  for (const HOST of ['0.0.0.0', '::', '10.0.0.7', 'api.internal'])
    expect(() => readConfig({ ...COMPLETE, HOST, ONE_CLICK_LOGIN: 'true' })).toThrow(
      new Error('ONE_CLICK_LOGIN: needs HOST to be one of 127.0.0.1, ::1, localhost: it needs no password'),
    );
  for (const HOST of ['', '127.0.0.1', '::1', 'localhost'])
    expect(readConfig({ ...COMPLETE, HOST, ONE_CLICK_LOGIN: 'true' }).oneClickLogin).toBe(true);
  expect(readConfig({ ...COMPLETE, HOST: '0.0.0.0' }).oneClickLogin).toBe(false);
});
