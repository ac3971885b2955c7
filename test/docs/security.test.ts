import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ORDINARY } from '../../db/connection/settings.ts';
import { DEFAULT_LIMITS } from '../../src/api/server/limits.ts';
import { DECISION_LIMITS } from '../../src/app/decide/decision-limits.ts';
import { HASHES_AT_ONCE, MOST_WAITING } from '../../src/app/users/log-in.ts';
import { PER_ADDRESS, PER_LOGIN } from '../../src/app/users/login-throttle.ts';
import { MAX_STEPS } from '../../src/definitions/cel/step-meter.ts';
import { MAX_FILE_BYTES } from '../../src/definitions/source/bundle-file.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_EVENTS, MAX_EVENT_BYTES } from '../../src/domain/event-limits.ts';
import { MAX_DEPTH } from '../../src/domain/values/inspect-value.ts';
import { ROOT } from '../support/paths.ts';

const page = readFileSync(path.join(ROOT, 'docs/security.md'), 'utf8');
const number = (value: number) => value.toLocaleString('en-US');
const seconds = (ms: number) => `${ms / 1_000} s`;
const kilobytes = (bytes: number) => `${bytes / 1_024} KB`;
const megabytes = (bytes: number) => `${bytes / 1e6} MB`;

test.each([
  [
    'Connections; of one address',
    `${number(DEFAULT_LIMITS.connections)}; ${number(DEFAULT_LIMITS.connectionsPerAddress)}`,
  ],
  ['Requests of a connection that wait', number(DEFAULT_LIMITS.pipelined)],
  ['A client that does not read', `8 kB in ${seconds(DEFAULT_LIMITS.writeMs)}`],
  ['Answers that wait for clients', megabytes(DEFAULT_LIMITS.bufferedBytes)],
  ['Bodies that are being received', megabytes(DEFAULT_LIMITS.bodyBytes)],
  [
    'An event; a batch',
    `${kilobytes(MAX_EVENT_BYTES)}; ${kilobytes(MAX_BATCH_BYTES)} and ${number(MAX_BATCH_EVENTS)} events`,
  ],
  [
    'Attempts to log in: of a login; of an address',
    `${PER_LOGIN.size}, then one in ${PER_LOGIN.seconds} s; ${PER_ADDRESS.size}, then one in ${PER_ADDRESS.seconds} s`,
  ],
  ['Log-ins that a process hashes; that wait for it', `${HASHES_AT_ONCE}; ${MOST_WAITING}`],
  ['Nesting of JSON', `${MAX_DEPTH} levels`],
  ['Steps of a condition; of a decision', `${number(MAX_STEPS)}; ${number(DECISION_LIMITS.steps)}`],
  ['Time of a decision', `${seconds(DECISION_LIMITS.ms)}, twice`],
  [
    'Statements of Postgres',
    `${seconds(ORDINARY.statementMs)}; waiting for a lock ${seconds(ORDINARY.lockMs)}`,
  ],
])('docs/security.md states the limit of the code: %s', (what, limit) => {
  expect(page).toContain(`| ${what} | ${limit} |`);
});

test('docs/security.md states the limit of the size of a bundle file', () => {
  expect(page).toContain(`${kilobytes(MAX_FILE_BYTES)} each`);
});
