import type { ChannelKind } from './channel-kind.ts';
import { smtpKind } from './email.ts';
import { inboxKind } from './inbox.ts';
import { resendKind } from './resend.ts';
import { twilioKind } from './twilio.ts';
import { webhookKind } from './webhook.ts';

/** The kinds of channels, by the word after `kind` in `CHANNELS`. A new kind is one file, and one line here. */
export const CHANNEL_KINDS: Record<string, ChannelKind> = {
  inbox: inboxKind,
  resend: resendKind,
  smtp: smtpKind,
  twilio: twilioKind,
  webhook: webhookKind,
};
