import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  buildCliArguments,
  buildDynamicSettings,
  buildServerConfig,
  formatDynamicConfig,
} from '../../../src/dev/temporal/config.ts';
import {
  cachedExecutables,
  findTemporalServer,
  isAtLeast,
  parseServerVersion,
  SERVER_VERSION,
} from '../../../src/dev/temporal/lookup.ts';
import { startTemporalServer } from '../../../src/dev/temporal/start.ts';
import { UserError } from '../../../src/user-error.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(path.join(tmpdir(), 'temporal-test-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** A fake `temporal` command line that only prints its version. */
function fakeCli(serverVersion: string): void {
  const file = path.join(dir, 'temporal');
  writeFileSync(file, `#!/bin/sh\necho "temporal version 9.9.9 (Server ${serverVersion}, UI 2.0.0)"\n`);
  chmodSync(file, 0o755);
}

describe('findTemporalServer', () => {
  const find = (extra: NodeJS.ProcessEnv = {}) =>
    findTemporalServer({ env: { PATH: dir, HOME: dir, XDG_CACHE_HOME: dir, ...extra }, configFile: false })
      .choice;

  test('prefers TEMPORAL_ADDRESS, with its namespace', () => {
    fakeCli(SERVER_VERSION);
    expect(find({ TEMPORAL_ADDRESS: 'there:7233', TEMPORAL_NAMESPACE: 'shop' })).toMatchObject({
      kind: 'running',
      config: { connectionOptions: { address: 'there:7233' }, namespace: 'shop' },
    });
  });

  test('prefers a command line whose server can skip time, then a built server, then a downloaded one', () => {
    const cached = cachedExecutables({ XDG_CACHE_HOME: dir });
    expect(find()).toBeNull();
    mkdirSync(path.dirname(cached.cli));
    writeFileSync(cached.cli, '');
    expect(find()).toMatchObject({ kind: 'cli', executable: cached.cli });
    writeFileSync(cached.server, '');
    expect(find()).toMatchObject({ kind: 'binary', executable: cached.server });
    fakeCli('1.29.1');
    expect(find()).toMatchObject({ kind: 'binary' });
    fakeCli('1.32.2');
    expect(find()).toMatchObject({ kind: 'cli', executable: 'temporal' });
  });

  test('says why the command line on the PATH is not used', () => {
    const search = () =>
      findTemporalServer({ env: { PATH: dir, HOME: dir, XDG_CACHE_HOME: dir }, configFile: false });
    expect(search()).toEqual({ choice: null, cli: 'not found' });
    fakeCli('1.29.1');
    expect(search()).toEqual({ choice: null, cli: 'its server is 1.29.1, older than 1.32.0' });
    writeFileSync(path.join(dir, 'temporal'), '#!/bin/sh\nexit 3\n', { mode: 0o755 });
    expect(search()).toEqual({ choice: null, cli: 'temporal --version fails' });
  });

  test('uses a Temporal profile only if the caller allows it', () => {
    const file = path.join(dir, 'temporal.toml');
    writeFileSync(file, '[profile.default]\naddress = "production:7233"\n');
    const env = { PATH: dir, HOME: dir, XDG_CACHE_HOME: dir, TEMPORAL_CONFIG_FILE: file };
    expect(findTemporalServer({ env, configFile: true }).choice).toMatchObject({
      kind: 'running',
      source: 'your Temporal profile (production:7233)',
    });
    expect(findTemporalServer({ env, configFile: false }).choice).toBeNull();
  });
});

test('isAtLeast compares versions by number', () => {
  expect(parseServerVersion('temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)')).toBe('1.29.1');
  expect(parseServerVersion('something else')).toBeUndefined();
  expect(isAtLeast('1.32.0', '1.32.0')).toBe(true);
  expect(isAtLeast('1.100', '1.32.0')).toBe(true);
  expect(isAtLeast('1.9.5', '1.32.0')).toBe(false);
  expect(isAtLeast('1.26', '1.26.8')).toBe(false);
});

test('the server configuration listens on loopback only and enables time skipping', () => {
  const pair = (grpc: number) => ({ grpc, membership: grpc + 1 });
  const ports = { frontend: pair(10), matching: pair(20), history: pair(30), worker: pair(40) };
  const config = parse(buildServerConfig({ ports, dynamicConfigFile: '/d.yaml', databaseFile: '/t.sqlite' }));
  for (const { rpc } of Object.values(config.services) as { rpc: { bindOnLocalHost: boolean } }[]) {
    expect(rpc.bindOnLocalHost).toBe(true);
  }
  expect(config.services.history.rpc).toMatchObject({ grpcPort: 30, membershipPort: 31 });
  expect(config.global).toEqual({ membership: { maxJoinDuration: '30s', broadcastAddress: '127.0.0.1' } });
  expect(config.persistence.datastores.store.sql).toMatchObject({
    databaseName: '/t.sqlite',
    connectAttributes: { mode: 'rwc', journal_mode: 'wal', synchronous: '2' },
  });
  const memory = parse(buildServerConfig({ ports, dynamicConfigFile: '/d.yaml' }));
  expect(memory.persistence.datastores.store.sql.connectAttributes.mode).toBe('memory');
  const settings = buildDynamicSettings();
  expect(parse(formatDynamicConfig(settings))).toMatchObject({
    'frontend.WorkflowTimeSkippingEnabled': [{ value: true }],
    'history.timerProcessorMaxTimeShift': [{ value: '5ms' }],
  });
  const args = buildCliArguments({ port: 7233, databaseFile: '/t.sqlite', settings });
  expect(args.slice(0, 8).join(' ')).toBe(
    'server start-dev --ip 127.0.0.1 --port 7233 --headless --db-filename',
  );
  expect(buildCliArguments({ port: 7233, uiPort: 8233, settings: {} }).join(' ')).toBe(
    'server start-dev --ip 127.0.0.1 --port 7233 --ui-ip 127.0.0.1 --ui-port 8233',
  );
  expect(args).toContain('history.timerProcessorMaxTimeShift="5ms"');
});

test('startTemporalServer fails with one line when the configured server does not answer', {
  timeout: 15_000,
}, async () => {
  const env = { PATH: dir, HOME: dir, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const error = await startTemporalServer({ dir, persist: false, log: () => {}, env }).catch(
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UserError);
  expect(String(error)).toMatch(/TEMPORAL_ADDRESS \(127\.0\.0\.1:1\) gave no answer within 5 s/);
});
