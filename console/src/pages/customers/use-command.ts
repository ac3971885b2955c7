import { useState } from 'react';
import { useSend } from '../../api/use-api.ts';
import { useSession } from '../../app/session.tsx';

/** Paths of commands about a customer. */
type CommandPath =
  | '/v1/customers/{ref}/pause'
  | '/v1/customers/{ref}/resume'
  | '/v1/customers/{ref}/snooze'
  | '/v1/customers/{ref}/exit'
  | '/v1/customers/{ref}/merge'
  | '/v1/customers/{ref}/unmerge'
  | '/v1/customers/{ref}/erase';

/**
 * A command about a customer. One opened dialog is one command: it has one key, so that a second press, or a second try
 * after a lost answer, does nothing twice.
 */
export function useCommand<P extends CommandPath>(path: P) {
  const [key] = useState(() => crypto.randomUUID());
  const actor = useSession().user.login;
  const send = useSend('post', path);
  return {
    ...send,
    /** @param fields what the command needs besides its reason */
    run(ref: string, reason: string, fields: object, onSuccess: (answer: unknown) => void) {
      const init = {
        params: { path: { ref }, header: { 'Idempotency-Key': key } },
        body: { reason, actor, ...fields },
      };
      send.mutate(init as never, { onSuccess });
    },
  };
}
