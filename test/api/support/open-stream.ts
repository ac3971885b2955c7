export interface ReceivedEvent {
  event: string;
  id?: string;
  data: Record<string, unknown>;
}

/** Reads server-sent events as a browser does. */
export async function openStream(
  url: string,
  headers: Record<string, string> = {},
): Promise<{
  status: number;
  events: ReceivedEvent[];
  beats(): number;
  /** Resolves once that many events have come. */
  waitFor(count: number): Promise<ReceivedEvent[]>;
  ended: Promise<void>;
  close(): void;
}> {
  const abort = new AbortController();
  const response = await fetch(url, { headers, signal: abort.signal });
  const events: ReceivedEvent[] = [];
  let beats = 0;
  let text = '';
  const ended = (async () => {
    try {
      for await (const piece of response.body ?? []) {
        text += Buffer.from(piece).toString();
        for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
          const lines = text.slice(0, end).split('\n');
          text = text.slice(end + 2);
          const read = (name: string) =>
            lines.find((line) => line.startsWith(`${name}: `))?.slice(name.length + 2);
          const event = read('event');
          if (lines[0] === ':') beats++;
          if (event !== undefined) {
            const id = read('id');
            events.push({
              event,
              ...(id === undefined ? {} : { id }),
              data: JSON.parse(read('data') ?? 'null'),
            });
          }
        }
      }
    } catch {
      // Cut off.
    }
  })();
  return {
    status: response.status,
    events,
    beats: () => beats,
    async waitFor(count) {
      for (let tries = 0; events.length < count && tries < 1_500; tries++)
        await new Promise((resolve) => setTimeout(resolve, 20));
      return events;
    },
    ended,
    close: () => abort.abort(),
  };
}
