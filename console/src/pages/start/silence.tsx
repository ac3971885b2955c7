import type { Answer } from '../../api/use-api.ts';
import { Alert } from '../../components/alert.tsx';
import { writeCoolDown } from '../../customer/write-cool-down.ts';
import { useFormat } from '../../format/use-format.ts';
import { useMessages } from '../../i18n/messages.ts';
import { messages } from './messages.ts';

type Suppression = Answer<'get', '/v1/customers/{ref}'>['suppressed'];

/** Whether marketing is silent, why, and when that lifts. */
export function Silence({ suppression, zone }: { suppression: Suppression; zone: string }) {
  const t = useMessages(messages);
  const format = useFormat();
  if (!suppression.active) return null;
  const say = ({ ticketId, since, liftsAt, coolDownSeconds }: Suppression['reasons'][number]) =>
    liftsAt === null
      ? t.silentOpen({
          ticket: ticketId,
          since: format.time(since, zone),
          rest: writeCoolDown(coolDownSeconds * 1_000, format.locale),
        })
      : t.silentCooling({ ticket: ticketId, until: format.dateTime(liftsAt, zone) });
  return (
    <Alert tone="warning" title={t.silent} live>
      {suppression.reasons.map((reason) => (
        <p key={reason.ticketId}>{say(reason)}</p>
      ))}
    </Alert>
  );
}
