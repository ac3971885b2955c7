/** What replaying recorded decisions under their own bundle came to. */
export interface ReplayedDecisions {
  replayed: number;
  /** Decisions that would have chosen something else. */
  changed: number;
}

const TIMEOUT_MS = 60_000;
const LIMIT = 300;

/** Asks the API to decide the newest decisions again, under the bundle that is active. Null: no answer. */
export async function replayDecisions(
  url: string,
  apiKey: string,
  version: number,
): Promise<ReplayedDecisions | null> {
  try {
    const answer = await fetch(`${url}/v1/what-if`, {
      method: 'POST',
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
      body: JSON.stringify({ version, limit: LIMIT }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status !== 200) {
      await answer.body?.cancel();
      return null;
    }
    const { decisions } = (await answer.json()) as { decisions: ReplayedDecisions };
    return decisions;
  } catch {
    return null;
  }
}
