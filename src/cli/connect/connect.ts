import path from 'node:path';
import process from 'node:process';
import type { Database } from '../../../db/client.ts';
import { CHANNEL_KINDS } from '../../channels/kinds.ts';
import { suggestName } from '../../content/nearest-name.ts';
import { createSourcesFile } from '../../dev/app/sources-file.ts';
import { DEV_FILE, readDevFile } from '../../dev/dev-file.ts';
import { parseDuration } from '../../domain/time/time.ts';
import type { SourceSetup } from '../../domain/vendor-setup.ts';
import { findWebhookKind, WEBHOOK_KIND_IDS } from '../../sources/webhooks/kinds.ts';
import type { WebhookKind } from '../../sources/webhooks/webhook-kind.ts';
import { UserError } from '../../user-error.ts';
import { createStyle } from '../customer/print.ts';
import { readDatabaseUrl, withDatabase } from '../database.ts';
import { stopOnSignals } from '../stop-on-signals.ts';
import { selectWorkspace } from '../workspaces/select-workspace.ts';
import { type ChosenSource, chooseSource } from './choose-source.ts';
import { COMMON_CHANNEL, COMMON_SETUP, formatEntry, formatSteps } from './print-setup.ts';
import { askSecret, makeSecret, readGivenSecret } from './read-secret.ts';
import { addSecret, readSources, writeSources } from './sources-file.ts';
import { watchSource } from './watch-source.ts';

export interface ConnectOptions {
  source?: string;
  secret?: string;
  workspace?: string;
  /** A duration; `0` does not wait. */
  wait?: string;
}

/** Pauses between two looks at the source, and what stops it besides Ctrl-C. */
export interface ConnectSettings {
  pollMs: number;
  signal?: AbortSignal;
}

const DEFAULT_WAIT = '10m';

/** Prints what to set at a vendor, and waits for its first webhook. */
export async function connectCommand(
  name: string,
  options: ConnectOptions,
  settings: ConnectSettings = { pollMs: 1_000 },
): Promise<void> {
  const kind = findWebhookKind(name);
  const channel = Object.hasOwn(CHANNEL_KINDS, name) ? CHANNEL_KINDS[name] : undefined;
  if (kind === undefined && channel === undefined) {
    const names = [...new Set([...WEBHOOK_KIND_IDS, ...Object.keys(CHANNEL_KINDS)])].sort();
    throw new UserError(`there is no kind ${name}: use ${names.join(', ')}${suggestName(name, names)}`);
  }
  if (channel !== undefined) printChannel(name, channel.setup ?? COMMON_CHANNEL);
  if (kind === undefined) return;

  const { signal, done } = stopOnSignals(settings.signal);
  try {
    await withDatabase('connect', (db) => connectSource(db, kind, options, { ...settings, signal }));
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    done();
  }
}

function printChannel(name: string, { entry, steps }: typeof COMMON_CHANNEL): void {
  const style = createStyle();
  console.log(`Messages through ${name}\n`);
  if (steps.length > 0) console.log(`${formatSteps(steps, style)}\n`);
  const text = JSON.stringify({ kind: name, ...entry }, null, 2);
  console.log(formatEntry(`The entry of the channel in CHANNELS (docs/channels.md, ${name}):`, text, style));
}

async function connectSource(
  db: Database,
  kind: WebhookKind,
  options: ConnectOptions,
  settings: Required<ConnectSettings>,
): Promise<void> {
  const waitMs = readWait(options.wait);
  const workspace = await selectWorkspace(db, options.workspace);
  const source = await chooseSource(db.sql, workspace, kind.id, options.source);
  const setup = kind.setup ?? COMMON_SETUP;
  const file = findSourcesFile();
  const configured = file === null ? undefined : readSources(file)[source.id];
  const known = configured?.workspace === workspace ? configured.secrets[0] : undefined;
  const given = await readGivenSecret(options.secret);
  const made = setup.secret.by === 'throughline' ? (given ?? known ?? makeSecret()) : '';

  printPlace(kind, workspace, source);
  const url = `${readPublicUrl()}/v1/sources/${source.id}`;
  const style = createStyle();
  console.log(`${formatSteps(setup.steps({ url, secret: made }), style)}\n`);
  if (new URL(url).hostname === '127.0.0.1')
    console.log(`${kind.name} cannot reach 127.0.0.1: for real calls, start with PUBLIC_URL and a tunnel.\n`);
  const secret = await takeSecret(setup, { made, given, known, waitMs }, settings.signal);
  if (secret === null) return;
  configure(file, workspace, source.id, secret);
  if (waitMs > 0) await wait(db, kind, { workspace, source: source.id, waitMs }, settings);
}

function printPlace(kind: WebhookKind, workspace: string, { id, isDeclared }: ChosenSource): void {
  const style = createStyle();
  console.log(`${kind.name} as the source ${id} of ${workspace}\n`);
  if (isDeclared) return;
  const entry = `- id: ${id}\n  kind: ${kind.id}`;
  const comment = `The bundle does not have it yet. Add this to its sources.yaml, and run throughline apply:`;
  console.log(formatEntry(comment, entry, style));
}

/** Null: the user has what to do first, and comes back with the secret. */
async function takeSecret(
  { secret }: SourceSetup,
  {
    made,
    given,
    known,
    waitMs,
  }: { made: string; given?: string | undefined; known?: string | undefined; waitMs: number },
  signal: AbortSignal,
): Promise<string | null> {
  if (secret.by === 'throughline') return made;
  const found = given ?? known;
  if (found !== undefined) return found;
  if (waitMs > 0) return askSecret(secret, signal);
  console.log(`Then run this command again with ${secret.shown}: --secret …`);
  return null;
}

function configure(file: string | null, workspace: string, id: string, secret: string): void {
  if (file === null) {
    const entry = JSON.stringify({ [id]: { workspace, secrets: [secret] } });
    console.log(
      formatEntry(
        'Add it to SOURCES of the API, or to the file that SOURCES_FILE names:',
        entry,
        createStyle(),
      ),
    );
    return;
  }
  const sources = readSources(file);
  const source = addSecret(sources[id], workspace, secret);
  writeSources(file, { ...sources, [id]: source });
  const both = source.secrets.length > 1 ? '; the secret before it stays valid, too' : '';
  console.log(`The secret is in ${file}${both}. The API has it within a second.\n`);
}

async function wait(
  db: Database,
  kind: WebhookKind,
  watched: { workspace: string; source: string; waitMs: number },
  { pollMs, signal }: Required<ConnectSettings>,
): Promise<void> {
  console.log(`Waiting for ${kind.name}. Ctrl-C ends it.`);
  const print = (line: string) => console.log(`  ${line}`);
  const result = await watchSource(db.sql, { ...watched, pollMs, signal, print });
  if (result === 'understood') console.log(`${kind.name} is connected.`);
  if (result === 'nothing')
    throw new UserError(
      `${kind.name} has sent nothing that was understood. Look at its own log of webhooks, and run this again.`,
    );
}

function readWait(text: string = DEFAULT_WAIT): number {
  if (text === '0') return 0;
  const ms = parseDuration(text);
  if (ms === undefined || ms <= 0) throw new UserError(`--wait is a duration such as 90s, 10m or 1h, or 0`);
  return ms;
}

/** The file of `npm start`, if the command works on its database; elsewhere the operator has the configuration. */
function findSourcesFile(): string | null {
  const dev = readDevFile();
  if (dev === undefined || dev.databaseUrl !== readDatabaseUrl()) return null;
  return process.env.SOURCES_FILE || createSourcesFile(path.dirname(DEV_FILE));
}

function readPublicUrl(): string {
  const url = process.env.PUBLIC_URL || readDevFile()?.url;
  if (!url) throw new UserError('set PUBLIC_URL, the address at which vendors reach the API');
  return url.replace(/\/$/, '');
}
