import type { ReactNode } from 'react';
import { SenderText } from '../components/sender-text.tsx';
import { useFormat, viewerZone } from '../format/use-format.ts';
import { useMessages } from '../i18n/messages.ts';
import { messages } from './messages.ts';
import type { SilenceReason } from './silence.ts';
import { useStateName } from './state-name.ts';
import { writeCoolDown } from './write-cool-down.ts';

interface Props {
  reason: SilenceReason;
  zone: string;
  styles: Record<string, string | undefined>;
  /** The customer who opened a ticket, where it is another one. */
  owner: ((id: string) => ReactNode) | undefined;
}

/** One reason for silence: what it is, and when it lifts. */
export function SilenceText({ reason, zone, styles, owner }: Props) {
  const t = useMessages(messages);
  const format = useFormat();
  const stateName = useStateName();
  /** In the customer's zone, and in the viewer's where that is another time. */
  const time = (at: string) => {
    const [there, here] = [format.dateTime(at, zone), format.dateTime(at, viewerZone)];
    return there === here ? there : `${there} (${t.yourTime({ time: here })})`;
  };
  switch (reason.kind) {
    case 'ticket':
      return (
        <>
          <p>
            <SenderText plain text={t.ticketSince({ id: reason.id, since: time(reason.since) })} />
          </p>
          {reason.ticket?.subject && (
            <p className={styles.subject}>
              “<SenderText plain text={reason.ticket.subject} />” ·{' '}
              <SenderText
                plain
                text={t.severity({ severity: stateName(reason.ticket.severity).toLowerCase() })}
                limit={60}
              />
            </p>
          )}
          {reason.ownerId && (
            <p>
              {t.ticketOfOther} {owner?.(reason.ownerId)}
            </p>
          )}
          {reason.product && <p>{t.ticketProduct({ product: reason.product })}</p>}
          <p className={styles.lift}>
            {t.ticketLift({ coolDown: writeCoolDown(reason.coolDown, format.locale) })}
          </p>
        </>
      );
    case 'cool_down':
      return (
        <>
          <p>
            <SenderText plain text={t.coolDownSince({ id: reason.id, since: time(reason.since) })} />
          </p>
          {reason.until && <p className={styles.lift}>{t.coolDownLift({ until: time(reason.until) })}</p>}
        </>
      );
    case 'paused':
      return (
        <>
          <p>
            <SenderText
              plain
              text={t.pausedBy({ actor: reason.actorName ?? reason.actor, since: time(reason.since) })}
            />
          </p>
          <p className={styles.subject}>
            “<SenderText text={reason.reason} />”
          </p>
          <p className={styles.lift}>{t.pausedLift}</p>
        </>
      );
    case 'snoozed': {
      const until = time(reason.until);
      const topics = reason.topics && new Intl.ListFormat(format.locale).format(reason.topics);
      return (
        <p className={styles.lift}>
          <SenderText
            plain
            text={topics === null ? t.snoozedAll({ until }) : t.snoozedTopics({ topics, until })}
          />
        </p>
      );
    }
    case 'parked':
      return (
        <>
          <p>
            <SenderText text={reason.reason} />
          </p>
          <p className={styles.lift}>{t.parkedLift({ at: time(reason.retryAt) })}</p>
        </>
      );
    default:
      return reason satisfies never;
  }
}
