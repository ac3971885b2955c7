import type { AddressInfo } from 'node:net';
import process from 'node:process';
import { SMTPServer } from 'smtp-server';
import { LOOPBACK } from '../../src/dev/ports.ts';

// A mail server for part smtp: it accepts every message, and keeps none.

export type MailPeerReply = { port: number };

const server = new SMTPServer({
  authOptional: true,
  disabledCommands: ['AUTH', 'STARTTLS'],
  disableReverseLookup: true,
  onData(stream, _session, callback) {
    stream.once('end', () => callback()).resume();
  },
});
// Clients that disconnect are not the peer's concern.
server.on('error', () => {});

process.on('disconnect', () => process.exit());
server.listen(0, LOOPBACK, () => {
  process.send?.({ port: (server.server.address() as AddressInfo).port } satisfies MailPeerReply);
});
