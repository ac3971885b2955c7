/** A statement of consent; `*` stands for every channel or topic. */
export interface StatedConsent {
  purpose: string;
  channel: string;
  topic: string;
  status: string;
  at: number;
  seq: number;
}

/**
 * Whether a message may go out. A withdrawal applies until a later grant that covers at least as much, and without a grant
 * nothing is allowed.
 */
export function isConsented(
  stated: StatedConsent[],
  message: { purpose: string; channel: string; topic: string | null },
): boolean {
  const covering = stated.filter(
    ({ purpose, channel, topic }) =>
      purpose === message.purpose && covers(channel, message.channel) && covers(topic, message.topic ?? '*'),
  );
  const grants = covering.filter(({ status }) => status === 'granted');
  return (
    grants.length > 0 &&
    covering
      .filter(({ status }) => status === 'withdrawn')
      .every((withdrawal) =>
        grants.some(
          (grant) =>
            isLater(grant, withdrawal) &&
            covers(grant.channel, withdrawal.channel) &&
            covers(grant.topic, withdrawal.topic),
        ),
      )
  );
}

function covers(wide: string, narrow: string): boolean {
  return wide === '*' || wide === narrow;
}

function isLater(a: StatedConsent, b: StatedConsent): boolean {
  return a.at > b.at || (a.at === b.at && a.seq > b.seq);
}
