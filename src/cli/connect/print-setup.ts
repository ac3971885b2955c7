import type { ChannelSetup, SetupStep, SourceSetup } from '../../domain/vendor-setup.ts';
import type { Style } from '../customer/print.ts';

const WIDTH = 100;

/** For a kind that says nothing of its own: a vendor that takes a URL and a secret. */
export const COMMON_SETUP: SourceSetup = {
  secret: { by: 'throughline' },
  steps: ({ url, secret }) => [
    { text: 'Let the sender post to this URL:', paste: url },
    { text: 'The secret that it signs with, or sends:', paste: secret },
  ],
};

/** For a kind of channel that says nothing of its own. */
export const COMMON_CHANNEL: ChannelSetup = { entry: {}, steps: [] };

/** Numbered steps, wrapped, with what is to be pasted below them as it is. */
export function formatSteps(steps: readonly SetupStep[], style: Style): string {
  return steps
    .map((step, index) => {
      const { text, paste } = typeof step === 'string' ? { text: step, paste: undefined } : step;
      const lines = wrap(`${index + 1}. ${text}`, '   ');
      return paste === undefined ? lines : `${lines}\n\n${indent(style.bold(paste))}\n`;
    })
    .join('\n');
}

/** An entry of a file or variable, with its comment above. */
export function formatEntry(comment: string, entry: string, style: Style): string {
  return `${wrap(comment, '')}\n\n${indent(style.bold(entry))}\n`;
}

function indent(text: string): string {
  return text.replaceAll(/^/gm, '     ');
}

function wrap(text: string, hanging: string): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + word.length + 1 > WIDTH) {
      lines.push(line);
      line = `${hanging}${word}`;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line].join('\n');
}
