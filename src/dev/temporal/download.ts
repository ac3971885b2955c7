import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { CLI_VERSION, inspectCli } from './lookup.ts';

/** Where Temporal's SDKs download the command line with the development server. */
const BASE = 'https://temporal.download';
/** A network that lets nothing through often refuses nothing either. */
const FIRST_BYTE_MS = 5_000;
const STALL_MS = 15_000;
const MEGABYTE = 1e6;

const ARCHITECTURES: Partial<Record<NodeJS.Architecture, string>> = { x64: 'amd64', arm64: 'arm64' };
const PLATFORMS: Partial<Record<NodeJS.Platform, string>> = { linux: 'linux', darwin: 'darwin' };

const downloadInfo = z.object({
  archiveUrl: z.url(),
  // The name of a file at the top of the archive.
  fileToExtract: z.string().regex(/^[\w.-]*\w$/),
});

/** What a download needs. */
export type DownloadOptions = {
  /** The finished file. */
  target: string;
  progress: (text: string) => void;
  signal?: AbortSignal;
  /** For tests: another server, and how long it may take to begin an answer. */
  base?: string;
  firstByteMs?: number;
};

/**
 * Downloads the `temporal` command line in the way that Temporal's SDKs do, but one fixed version, and gives up quickly
 * where the network does not allow it. The SDK's own function has no time-out and can't be stopped, and it would start
 * the server, too.
 *
 * @throws Error with the reason
 */
export async function downloadCli(options: DownloadOptions): Promise<void> {
  const { target, progress, base = BASE } = options;
  const arch = ARCHITECTURES[process.arch];
  const platform = PLATFORMS[process.platform];
  if (!arch || !platform) throw new Error(`there is none for ${process.platform} on ${process.arch}`);
  const query = new URLSearchParams({ arch, platform, format: 'tar.gz' });
  const { host, protocol } = new URL(base);
  const url = `${base}/cli/v${CLI_VERSION}?${query}`;
  progress(`looking for Temporal's command line ${CLI_VERSION} at ${host}`);
  const info = downloadInfo.safeParse(
    await fetchWithin(url, options, (response) => response.json().catch(() => undefined)),
  );
  if (!info.success) throw new Error(`${host} gave an unexpected answer`);
  const { archiveUrl, fileToExtract } = info.data;
  if (new URL(archiveUrl).protocol !== protocol) throw new Error(`${host} names an archive without TLS`);

  const folder = path.dirname(target);
  mkdirSync(folder, { recursive: true });
  const unpacked = mkdtempSync(path.join(folder, 'download-'));
  try {
    await fetchWithin(archiveUrl, options, async (response, renew) => {
      if (!response.body) throw new Error(`${new URL(archiveUrl).host} sent no archive`);
      const total = Number(response.headers.get('content-length'));
      let received = 0;
      await unpack(response.body, fileToExtract, unpacked, (count) => {
        renew();
        received += count;
        progress(`downloading Temporal's development server, once: ${formatMegabytes(received, total)}`);
      });
    });
    const executable = path.join(unpacked, fileToExtract);
    chmodSync(executable, 0o755);
    const inspected = inspectCli(executable);
    if (!inspected.ok) throw new Error(inspected.reason.replaceAll(executable, 'the downloaded file'));
    renameSync(executable, target);
  } finally {
    rmSync(unpacked, { recursive: true, force: true });
  }
}

function formatMegabytes(received: number, total: number): string {
  const of = total > 0 ? ` of ${(total / MEGABYTE).toFixed(0)}` : '';
  return `${(received / MEGABYTE).toFixed(0)}${of} MB`;
}

/** Reads the answer to a request, which ends when nothing arrives in time; `renew` says that something did. */
async function fetchWithin<T>(
  url: string,
  { signal, firstByteMs = FIRST_BYTE_MS }: DownloadOptions,
  read: (response: Response, renew: () => void) => Promise<T>,
): Promise<T> {
  const { host } = new URL(url);
  const silent = new AbortController();
  const startTimer = (ms: number, reason: string) => setTimeout(() => silent.abort(new Error(reason)), ms);
  let timer = startTimer(firstByteMs, `${host} gave no answer within ${firstByteMs / 1_000} s`);
  const renew = () => {
    clearTimeout(timer);
    timer = startTimer(STALL_MS, `${host} sent nothing for ${STALL_MS / 1_000} s`);
  };
  try {
    const signals = signal ? [signal, silent.signal] : [silent.signal];
    const response = await fetch(url, { signal: AbortSignal.any(signals) }).catch((error: Error) => {
      // "fetch failed" has its reason in the cause.
      throw error.cause instanceof Error ? new Error(`${host}: ${error.cause.message}`) : error;
    });
    renew();
    if (!response.ok) throw new Error(`${host} answered ${response.status}`);
    return await read(response, renew);
  } finally {
    clearTimeout(timer);
  }
}

/** Unpacks one file of the archive while it arrives. */
async function unpack(
  archive: ReadableStream<Uint8Array>,
  file: string,
  folder: string,
  onBytes: (count: number) => void,
): Promise<void> {
  const tar = spawn('tar', ['-xzf', '-', '-C', folder, file], { stdio: ['pipe', 'ignore', 'pipe'] });
  let errors = '';
  tar.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors += text;
  });
  const ended = new Promise<void>((resolve, reject) => {
    tar.once('error', (error) => reject(new Error(`tar can't be run: ${error.message}`)));
    tar.once('close', (code) => {
      if (code === 0) resolve();
      else reject(new Error(`the archive can't be unpacked: ${errors.trim().split('\n')[0]}`));
    });
  });
  async function* count(chunks: AsyncIterable<Uint8Array>) {
    for await (const chunk of chunks) {
      onBytes(chunk.length);
      yield chunk;
    }
  }
  const copied = pipeline(archive, count, tar.stdin).catch((error: NodeJS.ErrnoException) => {
    // tar says more than a broken pipe, and it may end before the last bytes of the archive.
    if (!['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(error.code ?? '')) throw error;
  });
  try {
    await Promise.all([copied, ended]);
  } finally {
    tar.kill();
  }
}
