import { expect, test } from 'vitest';
import { readConfig } from '../../../src/config.ts';

const COMPLETE = { DATABASE_URL: 'postgres://x', THROUGHLINE_SECRET: 'a secret for the tests only' };

test.each([
  [
    'nothing',
    {},
    'DATABASE_URL is missing: set it to postgres://user:password@host:5432/throughline\n' +
      'THROUGHLINE_SECRET is missing: set it to a secret text of at least 16 characters',
  ],
  [
    'an empty variable',
    { ...COMPLETE, THROUGHLINE_SECRET: ' ' },
    'THROUGHLINE_SECRET is missing: set it to a secret text of at least 16 characters',
  ],
  ['another database', { ...COMPLETE, DATABASE_URL: 'mysql://x' }, 'DATABASE_URL: is not a Postgres URL'],
  [
    'a short secret',
    { ...COMPLETE, THROUGHLINE_SECRET: 'short' },
    'THROUGHLINE_SECRET: needs at least 16 characters',
  ],
  ['a port that is no number', { ...COMPLETE, PORT: 'http' }, 'PORT: must be a port: 0 to 65535'],
  ['a port that is none', { ...COMPLETE, PORT: '70000' }, 'PORT: must be a port: 0 to 65535'],
  [
    'an address without scheme',
    { ...COMPLETE, PUBLIC_URL: 'shop' },
    'PUBLIC_URL: is not a URL: write https://…',
  ],
  [
    'an unknown log level',
    { ...COMPLETE, LOG_LEVEL: 'loud' },
    'LOG_LEVEL: must be one of fatal, error, warn, info, debug, trace, silent',
  ],
  ['half a customer', { ...COMPLETE, SWEEP_RATE: '1.5' }, 'SWEEP_RATE: must be a whole number'],
])('readConfig names the variable and the remedy: %s', (_name, env, message) => {
  expect(() => readConfig(env)).toThrow(new Error(message));
});

test('an empty variable has its default', () => {
  expect(readConfig({ ...COMPLETE, PORT: '', HOST: '' })).toMatchObject({ port: 3000, host: '127.0.0.1' });
});
