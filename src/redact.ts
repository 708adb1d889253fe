/** Redacting cuts secrets out of what is said: no message may carry one, however it was encoded on its way. */

/** Secrets shorter than this would cut words out of sentences. */
const LEAST_LENGTH = 4;

/** As written, in base64 and in a URL. */
export function redact(text: string, secrets: readonly string[]): string {
  return secrets
    .flatMap((secret) => [secret, base64(secret), encodeURIComponent(secret)])
    .filter((secret) => secret.length >= LEAST_LENGTH)
    .reduce((safe, secret) => safe.replaceAll(secret, "[redacted]"), text);
}

function base64(text: string): string {
  return btoa(String.fromCodePoint(...new TextEncoder().encode(text)));
}
