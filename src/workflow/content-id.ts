/** A content id is a short name for a list of texts that stays the same across runs and machines (FNV-1a, 64 bit). */

/** The prime is 2^40 + 0x1b3, so that a product mod 2^64 can be had from 32-bit halves: a BigInt would be forty times slower. */
const PRIME_LOW = 0x1b3;

export function contentId(texts: readonly string[]): string {
  let high = 0xcbf29ce4;
  let low = 0x84222325;
  for (const text of texts) {
    for (let i = 0; i <= text.length; i++) {
      low = (low ^ (i < text.length ? text.charCodeAt(i) : 0x1f)) >>> 0;
      const product = low * PRIME_LOW;
      const carry = Math.floor(product / 2 ** 32);
      high = (high * PRIME_LOW + carry + ((low << 8) >>> 0)) % 2 ** 32;
      low = product >>> 0;
    }
  }
  return `${hex(high)}${hex(low)}`.slice(0, 12);
}

function hex(half: number): string {
  return (half >>> 0).toString(16).padStart(8, "0");
}
