import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { groupAddress } from './address-group.ts';
import type { HttpLimits } from './limits.ts';

const SWEEP_MS = 1_000;
/** A client that takes fewer bytes than this in the time that it has counts as one that takes none. */
const LEAST_BYTES = 8_192;

interface Connection {
  socket: Socket;
  group: string;
  /** Requests that began and have not ended. */
  requests: number;
  /** When it was opened, or its last request began or ended. */
  activeAt: number;
  /** What the client had taken at an instant, while an answer has been waiting for it. */
  waitingSince: { at: number; taken: number } | null;
  /** What the client had taken at the last sweep; null if nothing was waiting. */
  takenBefore: number | null;
}

/**
 * Keeps the connections of a server within limits.
 *
 * A client that takes no answer is cut off after a while. Where connections are as many as allowed, one that stands still is
 * cut off for a new one, so that those who only hold connections shut nobody out; if none stands still, the new one is
 * refused. Where too many bytes wait, the clients that do not take them are cut off, the largest first.
 */
export class ConnectionGuard {
  private readonly connections = new Map<Socket, Connection>();
  private readonly perGroup = new Map<string, Set<Connection>>();
  /** Found by the last sweep: who stood still. */
  private idle: Connection[] = [];
  private readonly limits: HttpLimits;

  constructor(server: Server, limits: HttpLimits) {
    this.limits = limits;
    server.on('connection', (socket) => this.admit(socket));
    server.on('request', (req, res) => {
      const connection = this.connections.get(req.socket);
      if (!connection) return;
      connection.requests++;
      connection.activeAt = Date.now();
      res.once('close', () => {
        connection.requests--;
        connection.activeAt = Date.now();
      });
    });
    const timer = setInterval(() => this.sweep(), SWEEP_MS).unref();
    server.once('close', () => clearInterval(timer));
  }

  private admit(socket: Socket): void {
    const group = groupAddress(socket.remoteAddress ?? '');
    const peers = this.perGroup.get(group) ?? new Set();
    const isFull =
      (peers.size >= this.limits.connectionsPerAddress && !this.evict((other) => other.group === group)) ||
      (this.connections.size >= this.limits.connections && !this.evict(() => true));
    if (isFull) {
      socket.destroy();
      return;
    }
    const connection: Connection = {
      socket,
      group,
      requests: 0,
      activeAt: Date.now(),
      waitingSince: null,
      takenBefore: null,
    };
    this.connections.set(socket, connection);
    this.perGroup.set(group, peers.add(connection));
    socket.once('close', () => this.forget(connection));
  }

  private forget(connection: Connection): void {
    this.connections.delete(connection.socket);
    const peers = this.perGroup.get(connection.group);
    peers?.delete(connection);
    if (peers?.size === 0) this.perGroup.delete(connection.group);
  }

  /** Cuts off a connection that stood still at the last sweep and still does. Returns whether there was one. */
  private evict(isEligible: (connection: Connection) => boolean): boolean {
    const at = this.idle.findIndex(
      (connection) => !connection.socket.destroyed && isEligible(connection) && standsStill(connection),
    );
    const [connection] = at < 0 ? [] : this.idle.splice(at, 1);
    if (!connection) return false;
    this.cutOff(connection);
    return true;
  }

  private cutOff(connection: Connection): void {
    this.forget(connection);
    connection.socket.destroy();
  }

  private sweep(): void {
    const now = Date.now();
    const still: Connection[] = [];
    let buffered = 0;
    for (const connection of this.connections.values()) {
      const pending = connection.socket.writableLength;
      buffered += pending;
      const taken = pending === 0 ? null : countTaken(connection.socket);
      if (now > connection.activeAt + SWEEP_MS && standsStill(connection)) still.push(connection);
      connection.takenBefore = taken;
      if (taken === null) connection.waitingSince = null;
      else if (!connection.waitingSince) connection.waitingSince = { at: now, taken };
      else if (now >= connection.waitingSince.at + this.limits.writeMs) {
        if (taken < connection.waitingSince.taken + LEAST_BYTES) this.cutOff(connection);
        else connection.waitingSince = { at: now, taken };
      }
    }
    // Those whose answer waits stand still at our cost, so they go first; then those that have been idle for longest.
    this.idle = still.sort(
      (a, b) => b.socket.writableLength - a.socket.writableLength || a.activeAt - b.activeAt,
    );
    for (const connection of this.idle) {
      if (buffered <= this.limits.bufferedBytes || connection.socket.writableLength === 0) break;
      buffered -= connection.socket.writableLength;
      this.cutOff(connection);
    }
  }
}

/** Whether nothing is being done for the client, or its answer waits and it has taken nothing since the last sweep. */
function standsStill({ socket, requests, takenBefore }: Connection): boolean {
  if (socket.writableLength === 0) return requests === 0;
  return takenBefore !== null && countTaken(socket) === takenBefore;
}

/**
 * Bytes that the client's side has taken. Node tells only how many it has given to the system, which is all of an answer at
 * once; the stream beneath knows what is left of it.
 */
function countTaken(socket: Socket): number {
  const { _handle: stream } = socket as unknown as {
    _handle?: { bytesWritten?: number; writeQueueSize?: number };
  };
  return (stream?.bytesWritten ?? socket.bytesWritten) - (stream?.writeQueueSize ?? 0);
}
