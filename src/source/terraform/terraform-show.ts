/** What `terraform show -json` prints, a plan or a state; recognised before anything is loaded to read it. */

/** A cheap look: `terraform show -json` always begins with the version of its format. */
export function isTerraformShow(text: string): boolean {
  return /^\uFEFF?\s*\{\s*"format_version"\s*:/.test(text);
}
