/** A name for a state that a change adds: the wished one, or the nearest to it that no other state has. */
export function freeName(wish: string, taken: readonly string[]): string {
  // Names have at most 80 characters: https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
  const short = Array.from(wish).slice(0, 76).join("");
  for (let number = 1; ; number++) {
    const name = number === 1 ? short : `${short} ${number}`;
    if (!taken.includes(name)) return name;
  }
}
