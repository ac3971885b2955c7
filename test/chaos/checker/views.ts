/** The parts of a customer that the API shows and the checker compares. */
export interface CustomerView {
  id: string;
  eventSeq: number;
  processedSeq: number;
  ordinal: number;
  orders: { id: string; status: string }[];
  openTickets: { id: string }[];
  consents: { purpose: string; channel: string; topic: string; status: string }[];
  paused: object | null;
  snoozedUntil: string | null;
  poison: { reason: string } | null;
  enrollments: { id: string; step: string; state: string }[];
  live: LiveView | null;
}

/** What the workflow itself answered. */
export interface LiveView {
  ordinal: number;
  processedSeq: number;
  openTickets: { id: string }[];
  enrollments: { id: string; step: string; state: string }[];
  unprocessed: number;
}

const TIMEOUT_MS = 10_000;

/** Asks the API for a customer, with the answer of the workflow. Null: no answer. */
export async function readView(url: string, apiKey: string, userId: string): Promise<CustomerView | null> {
  try {
    const answer = await fetch(`${url}/v1/customers/user:${userId}?live=true`, {
      headers: { authorization: `Bearer ${apiKey}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    if (answer.status !== 200) {
      await answer.body?.cancel();
      return null;
    }
    return (await answer.json()) as CustomerView;
  } catch {
    return null;
  }
}

/** Whether the workflow answers, and has come as far as the view. */
export function isLive(view: CustomerView | null): view is CustomerView & { live: LiveView } {
  return view?.live !== null && view?.live !== undefined && view.live.ordinal === view.ordinal;
}
