import type { ServerResponse } from 'node:http';

/** A client that leaves more than this unread is cut off; it may come again and go on. */
const MAX_WAITING_BYTES = 64 * 1024;

/** Writes server-sent events (HTML Standard, 9.2). Memory stays bounded: who does not read is cut off. */
export class EventStream {
  private readonly res: ServerResponse;

  constructor(res: ServerResponse, retryMs: number) {
    this.res = res;
    res.writeHead(200, {
      'Content-Type': 'text/event-stream',
      'Cache-Control': 'no-store',
      // nginx would gather events otherwise.
      'X-Accel-Buffering': 'no',
    });
    this.write(`retry: ${retryMs}\n\n`);
  }

  get isOpen(): boolean {
    return !this.res.writableEnded && !this.res.destroyed;
  }

  /** @param id where a client goes on that comes again */
  send(event: string, data: unknown, id?: string): void {
    const named = id === undefined ? '' : `id: ${id}\n`;
    this.write(`${named}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
  }

  /** A comment, which clients ignore: proxies close connections on which nothing happens. */
  beat(): void {
    this.write(':\n\n');
  }

  end(): void {
    this.res.end();
  }

  private write(text: string): void {
    if (!this.isOpen) return;
    this.res.write(text);
    if (this.res.writableLength > MAX_WAITING_BYTES) this.res.destroy();
  }
}
