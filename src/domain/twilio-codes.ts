/** Twilio's codes for a number that is none, or that can't receive text messages: of answers and of later reports. */
export const INVALID_NUMBER_CODES: readonly number[] = [21211, 21214, 21217, 21614, 30005, 30006];

/** The recipient has sent STOP to this sender, so Twilio sends them nothing. */
export const UNSUBSCRIBED_CODE = 21610;
