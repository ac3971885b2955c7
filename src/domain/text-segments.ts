import calculator from 'sms-segments-calculator';

/** How a text message is split. Operators bill each part. */
export interface TextSegments {
  segments: number;
  /** Characters beyond the alphabet of GSM 03.38, each once. One of them halves what fits into a part. */
  beyondGsm: string[];
}

/** Counts the parts of a text message: 160 characters of GSM 03.38, or 70 of UCS-2; less in each of several. */
export function countSegments(text: string): TextSegments {
  const message = new calculator.SegmentedMessage(text);
  return { segments: message.segmentsCount, beyondGsm: [...new Set(message.getNonGsmCharacters())] };
}
