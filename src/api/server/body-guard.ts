import type { IncomingMessage, Server } from 'node:http';

const SWEEP_MS = 100;
/** Smaller bodies are not counted: as many as there are connections are less than 100 MB. */
const SMALL_BYTES = 16_384;
/** What a packed body may have grown to in memory while it is received. */
const UNPACKED_BYTES = 512 * 1024;

interface Body {
  req: IncomingMessage;
  /** Bytes that the connection had received before. */
  before: number;
  packed: boolean;
}

/**
 * Limits the bytes of all request bodies that are being received. Many senders who never finish would fill the memory.
 * Where there are too many bytes, the connections of the largest bodies are closed.
 */
export class BodyGuard {
  private readonly bodies = new Set<Body>();
  private timer: NodeJS.Timeout | undefined;
  private readonly maxBytes: number;

  constructor(server: Server, maxBytes: number) {
    this.maxBytes = maxBytes;
    server.on('request', (req) => this.watch(req));
    server.once('close', () => clearInterval(this.timer));
  }

  private watch(req: IncomingMessage): void {
    const { headers } = req;
    const packed = headers['content-encoding'] !== undefined;
    const chunked = headers['transfer-encoding'] !== undefined;
    if (!packed && !chunked && Number(headers['content-length'] ?? 0) <= SMALL_BYTES) return;
    const body = { req, before: req.socket.bytesRead, packed };
    this.bodies.add(body);
    req.once('close', () => this.bodies.delete(body));
    this.timer ??= setInterval(() => this.sweep(), SWEEP_MS).unref();
  }

  private sweep(): void {
    const sizes: { body: Body; bytes: number }[] = [];
    let total = 0;
    for (const body of this.bodies) {
      if (body.req.complete) {
        this.bodies.delete(body);
        continue;
      }
      const received = body.req.socket.bytesRead - body.before;
      const bytes = body.packed ? Math.max(received, UNPACKED_BYTES) : received;
      sizes.push({ body, bytes });
      total += bytes;
    }
    if (sizes.length === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    if (total <= this.maxBytes) return;
    for (const { body, bytes } of sizes.sort((a, b) => b.bytes - a.bytes)) {
      if (total <= this.maxBytes) return;
      total -= bytes;
      this.bodies.delete(body);
      body.req.socket.destroy();
    }
  }
}
