import { createHash } from 'node:crypto';
import type { Database } from '../../../db/client.ts';
import {
  addCopies,
  confirmCopy,
  type DueCopy,
  keepCopy,
  leaseDueCopies,
  saveCopy,
} from '../../../db/cms/refresh-copies.ts';
import type { BundleCache } from '../../../db/config/bundle-cache.ts';
import { listWorkspaces } from '../../../db/config/workspaces.ts';
import { writeTemplate } from '../../content/cms-template.ts';
import { type Bundle, type CmsEntryDef, cmsOrigin } from '../../domain/definition.ts';
import { MINUTE, type Millis } from '../../domain/time/time.ts';
import type { BundleCompiler } from '../config/compiler/bundle-compiler.ts';
import { checkCopy } from './check-copy.ts';

/** Asks a CMS for an entry, unless the copy with this etag is the newest. Never throws. */
type FetchEntry = (
  workspace: string,
  source: string,
  request: { entry: string; locale: string },
  etag: string | null,
) => Promise<
  | { kind: 'unchanged' }
  | { kind: 'entry'; fields: Record<string, unknown>; version: string | null; etag: string | null }
  | { kind: 'failed'; reason: string; retryAfterMs: number | null }
>;

export interface CmsDeps {
  db: Database;
  bundles: BundleCache;
  compiler: BundleCompiler;
  fetchEntry: FetchEntry;
  log: Record<'info' | 'warn', (entry: object, message: string) => void>;
  /** How often each entry is asked for. */
  refreshMs?: Millis;
}

const REFRESH_MS = MINUTE;
/** Entries of a workspace that are asked for at once. */
const AT_ONCE = 8;

/**
 * Asks the CMSs of all workspaces for the entries that are due, in the background: no message waits for a CMS. A good
 * answer replaces the last good copy. A CMS that is away, and an edit that the bundle would refuse, leave it as it is.
 * @returns whether more are due
 */
export async function refreshCopies(deps: CmsDeps): Promise<boolean> {
  const { sql } = deps.db;
  let more = false;
  for (const { id: workspace, version } of await listWorkspaces(sql)) {
    if (version === 0) continue;
    const bundle = await deps.bundles(sql, workspace, version);
    if (bundle.cms && (await refreshWorkspace(deps, workspace, bundle, bundle.cms))) more = true;
  }
  return more;
}

async function refreshWorkspace(
  deps: CmsDeps,
  workspace: string,
  bundle: Bundle,
  entries: readonly CmsEntryDef[],
): Promise<boolean> {
  const { sql } = deps.db;
  const byOrigin = new Map(entries.map((entry) => [`${entry.file} ${cmsOrigin(entry)}`, entry]));
  await addCopies(
    sql,
    entries.map((entry) => ({ ...entry, workspace, origin: cmsOrigin(entry) })),
  );
  const due = await leaseDueCopies(sql, {
    workspace,
    origins: entries.map(cmsOrigin),
    limit: AT_ONCE,
    leaseMs: deps.refreshMs ?? REFRESH_MS,
  });
  await Promise.all(
    due.map(async (copy) => {
      const entry = byOrigin.get(`${copy.file} ${copy.origin}`);
      if (entry) await refreshCopy(deps, bundle, entry, copy);
    }),
  );
  return due.length === AT_ONCE;
}

async function refreshCopy(deps: CmsDeps, bundle: Bundle, entry: CmsEntryDef, copy: DueCopy): Promise<void> {
  const { sql } = deps.db;
  const { source, entry: id, locale } = entry;
  const fetched = await deps.fetchEntry(copy.workspace, source, { entry: id, locale }, copy.etag);
  if (fetched.kind === 'failed')
    return keep(deps, copy, { error: fetched.reason, refused: null, pauseMs: fetched.retryAfterMs });
  if (fetched.kind === 'unchanged') {
    noteRecovery(deps, copy);
    return confirmCopy(sql, copy);
  }
  const written = writeTemplate(entry, fetched.fields);
  if ('missing' in written)
    return keep(deps, copy, {
      error: `the entry has no text in ${written.missing}`,
      refused: null,
      pauseMs: null,
    });
  const { text } = written;
  const digest = createHash('sha256').update(text).digest('base64url');
  // It was refused before: nothing has changed.
  if (copy.refused === digest && copy.error !== null) return;
  if (text !== copy.text) {
    const problem = await checkCopy(deps, copy.workspace, bundle, { file: copy.file, text });
    if (problem !== null) return keep(deps, copy, { error: problem, refused: digest, pauseMs: null });
  }
  noteRecovery(deps, copy);
  await saveCopy(sql, copy, { text, version: fetched.version, etag: fetched.etag });
}

/** Each failure is logged once, and shown until it is over. */
async function keep(
  { db, log }: CmsDeps,
  copy: DueCopy,
  failure: { error: string; refused: string | null; pauseMs: number | null },
): Promise<void> {
  const { workspace, file, text } = copy;
  if (copy.error !== failure.error)
    log.warn(
      { workspace, file, reason: failure.error },
      text === null
        ? 'a CMS has no good content yet: the file of the bundle is sent'
        : 'the newest content of a CMS is not used: the last good copy is sent',
    );
  await keepCopy(db.sql, copy, failure);
}

function noteRecovery({ log }: CmsDeps, { workspace, file, error }: DueCopy): void {
  if (error !== null) log.info({ workspace, file }, 'the content of a CMS is used again');
}
