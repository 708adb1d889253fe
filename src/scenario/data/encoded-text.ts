/** Encoded text: Base64 and hashes of UTF-8 text, without anything a browser lacks. */
import { md5, sha1 } from "@noble/hashes/legacy.js";
import { sha256, sha384, sha512 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";

const HASHES: ReadonlyMap<string, (bytes: Uint8Array) => Uint8Array> = new Map<
  string,
  (bytes: Uint8Array) => Uint8Array
>([
  ["MD5", md5],
  ["SHA-1", sha1],
  ["SHA-256", sha256],
  ["SHA-384", sha384],
  ["SHA-512", sha512],
]);

export function encodeBase64(text: string): string {
  return btoa(String.fromCharCode(...new TextEncoder().encode(text)));
}

/** Null when the text is no Base64. */
export function decodeBase64(text: string): string | null {
  try {
    return new TextDecoder().decode(Uint8Array.from(atob(text), (unit) => unit.charCodeAt(0)));
  } catch {
    return null;
  }
}

/** Lower-case hex; null for an unknown algorithm. */
export function hashText(text: string, algorithm: string): string | null {
  const hash = HASHES.get(algorithm);
  return hash === undefined ? null : bytesToHex(hash(new TextEncoder().encode(text)));
}
