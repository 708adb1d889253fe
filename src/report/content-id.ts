/** A content id is a short name for a list of texts that stays the same across runs and machines (FNV-1a, 64 bit). */
export function contentId(texts: readonly string[]): string {
  let hash = 0xcbf29ce484222325n;
  for (const text of texts) {
    for (let i = 0; i <= text.length; i++) {
      const unit = i < text.length ? text.charCodeAt(i) : 0x1f;
      hash = BigInt.asUintN(64, (hash ^ BigInt(unit)) * 0x100000001b3n);
    }
  }
  return hash.toString(16).padStart(16, "0").slice(0, 12);
}
