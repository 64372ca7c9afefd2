import { default as iconv } from 'iconv-lite';

/** The two bytes of characters in ISO-2022-JP, which iconv-lite does not know. */
const JIS: Readonly<Record<string, readonly [number, number]>> = {
  あ: [0x24, 0x22],
  い: [0x24, 0x24],
  日: [0x46, 0x7c],
  本: [0x4b, 0x5c],
  東: [0x45, 0x6c],
  京: [0x35, 0x7e],
  ソ: [0x25, 0x3d],
};

/** Encodes a text. `addBOM` is for UTF-8, UTF-16 and UTF-32. */
export function encode(text: string, encoding: string, { addBOM = false } = {}): Buffer {
  return encoding === 'iso-2022-jp' ? encodeJis(text) : iconv.encode(text, encoding, { addBOM });
}

function encodeJis(text: string): Buffer {
  const bytes: number[] = [];
  let isPair = false;
  const escape = (toPair: boolean) => {
    if (isPair !== toPair) bytes.push(0x1b, ...(toPair ? [0x24, 0x42] : [0x28, 0x42]));
    isPair = toPair;
  };
  for (const character of text) {
    const pair = JIS[character];
    escape(pair !== undefined);
    bytes.push(...(pair ?? [character.charCodeAt(0)]));
  }
  escape(false);
  return Buffer.from(bytes);
}
