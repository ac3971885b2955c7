/** Requests as Twilio documents them, with invented numbers. */
const ACCOUNT = 'AC00000000000000000000000000000001';
const SENDER = '+15005550006';

/** A message that came from a customer. */
export function inbound(body: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    AccountSid: ACCOUNT,
    ApiVersion: '2010-04-01',
    Body: body,
    From: '+491701234567',
    FromCity: '',
    FromCountry: 'DE',
    FromState: '',
    FromZip: '',
    MessageSid: 'SM11111111111111111111111111111111',
    NumMedia: '0',
    NumSegments: '1',
    SmsMessageSid: 'SM11111111111111111111111111111111',
    SmsSid: 'SM11111111111111111111111111111111',
    SmsStatus: 'received',
    To: SENDER,
    ToCity: 'DES MOINES',
    ToCountry: 'US',
    ToState: 'IA',
    ToZip: '50314',
    ...more,
  };
}

/** What became of a message of ours. */
export function report(status: string, more: Record<string, string> = {}): Record<string, string> {
  return {
    AccountSid: ACCOUNT,
    ApiVersion: '2010-04-01',
    ChannelPrefix: 'sms',
    From: SENDER,
    MessageSid: 'SM22222222222222222222222222222222',
    MessageStatus: status,
    RawDlrDoneDate: '2611121016',
    SmsSid: 'SM22222222222222222222222222222222',
    SmsStatus: status,
    To: '+491701234567',
    ...more,
  };
}
