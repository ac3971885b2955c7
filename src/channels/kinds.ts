import type { ChannelKind } from './channel-kind.ts';
import { smtpKind } from './email.ts';
import { fcmKind } from './fcm.ts';
import { inboxKind } from './inbox.ts';
import { resendKind } from './resend.ts';
import { slackKind } from './slack.ts';
import { twilioKind } from './twilio.ts';
import { webPushKind } from './web-push.ts';
import { webhookKind } from './webhook.ts';

/** The kinds of channels, by the word after `kind` in `CHANNELS`. A new kind is one file, and one line here. */
export const CHANNEL_KINDS: Record<string, ChannelKind> = {
  fcm: fcmKind,
  inbox: inboxKind,
  resend: resendKind,
  slack: slackKind,
  smtp: smtpKind,
  twilio: twilioKind,
  'web-push': webPushKind,
  webhook: webhookKind,
};
