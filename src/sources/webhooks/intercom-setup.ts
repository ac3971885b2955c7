import type { SourceSetup } from '../../domain/vendor-setup.ts';

const TOPICS = [
  'conversation.user.created',
  'conversation.user.replied',
  'conversation.admin.replied',
  'conversation.admin.closed',
  'conversation.admin.opened',
  'conversation.admin.snoozed',
  'conversation.rating.added',
  'ticket.created',
  'ticket.state.updated',
  'ticket.closed',
  'contact.user.created',
  'contact.email.updated',
  'contact.merged',
  'contact.unsubscribed',
];

export const intercomSetup: SourceSetup = {
  secret: { by: 'vendor', shown: 'the client secret of the app (Basic information)' },
  steps: ({ url }) => [
    {
      text: 'In Intercom, open Settings → Integrations → Developer Hub, and create an app, or open yours. Configure → Webhooks, endpoint URL (https only):',
      paste: url,
    },
    { text: 'Topics:', paste: TOPICS.join('\n') },
    'Open Configure → Basic information, and copy the client secret.',
  ],
};
