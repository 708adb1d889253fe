/** The text of a file's bytes: UTF-8, or UTF-16 that says so by its byte order mark. */

export interface DecodedText {
  /** Without byte order mark; null when the bytes are no text. */
  readonly text: string | null;
  readonly reason: string | null;
}

export function decodeText(content: string | Uint8Array): DecodedText {
  if (typeof content === "string")
    return { text: content.startsWith("\uFEFF") ? content.slice(1) : content, reason: null };
  const [first, second] = content;
  if (first === 0xff && second === 0xfe) return decodeAs("utf-16le", content);
  if (first === 0xfe && second === 0xff) return decodeAs("utf-16le", swapBytes(content));
  if (content.subarray(0, 4_096).includes(0)) {
    return {
      text: null,
      reason: "The file is not text: it holds NUL bytes. UTF-16 needs a byte order mark.",
    };
  }
  return decodeAs("utf-8", content);
}

function decodeAs(encoding: string, bytes: Uint8Array): DecodedText {
  try {
    return { text: new TextDecoder(encoding, { fatal: true }).decode(bytes), reason: null };
  } catch {
    return { text: null, reason: `The file is not valid ${encoding === "utf-8" ? "UTF-8" : "UTF-16"}.` };
  }
}

/** Not every TextDecoder knows utf-16be. */
function swapBytes(bytes: Uint8Array): Uint8Array {
  const swapped = new Uint8Array(bytes.length);
  for (let index = 0; index < bytes.length; index++) swapped[index ^ 1] = bytes[index] ?? 0;
  return swapped.subarray(0, bytes.length);
}

const encoder = new TextEncoder();

/** Length of a text in UTF-8 bytes, as AWS counts definitions. */
export function utf8Length(text: string): number {
  return encoder.encode(text).length;
}
