import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

type Exchange = [IncomingMessage, ServerResponse<IncomingMessage> & { req: IncomingMessage }];

/**
 * Handles the requests of one connection one after the other: the next begins once the client's system has taken the whole
 * answer. Node itself begins all requests that have arrived, so a client that sends many and reads nothing would make as
 * many answers wait. A connection on which more than `maxWaiting` requests wait is cut off.
 */
export function oneAtATime(handle: RequestListener, maxWaiting: number): RequestListener {
  const waiting = new WeakMap<Socket, Exchange[]>();

  const begin = ([req, res]: Exchange) => {
    const { socket } = req;
    res.once('close', () => {
      const next = waiting.get(socket)?.shift();
      if (!next) waiting.delete(socket);
      else if (!socket.destroyed) begin(next);
    });
    handle(req, res);
  };

  return (req, res) => {
    const { socket } = req;
    const queue = waiting.get(socket);
    if (!queue) {
      waiting.set(socket, []);
      begin([req, res]);
    } else if (queue.length < maxWaiting) queue.push([req, res]);
    else socket.destroy();
  };
}
