const ANSWER_MS = 1_000;

/**
 * The metrics of Temporal's SDK, from the server that its core runs on a port of this machine; empty where there is none,
 * or it does not answer.
 */
export async function readSdkMetrics(url: string | null): Promise<string> {
  if (url === null) return '';
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(ANSWER_MS) });
    return answer.ok ? await answer.text() : '';
  } catch {
    return '';
  }
}
