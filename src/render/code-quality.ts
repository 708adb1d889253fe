/** Code quality is GitLab's report of findings, shown in a merge request. */
import type { Severity } from "../diagnostic.ts";
import { fingerprints, type Finding } from "./finding.ts";
import { jsonText, terminalText } from "./safe-text.ts";

/** GitLab knows info, minor, major, critical and blocker. */
const SEVERITIES: Readonly<Record<Severity, string>> = { error: "major", warning: "minor", info: "info" };

/** GitLab needs a file for each; what is said of all of them stands where budgets are declared. */
const NOWHERE = "stepfare.yml";

/** https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format */
export function renderCodeQuality(findings: readonly Finding[]): string {
  const prints = fingerprints(findings);
  const report = findings.map(({ code, level, message, help, at }, index) => ({
    type: "issue",
    check_name: code,
    description: terminalText(message),
    ...(help === null ? {} : { content: { body: terminalText(help) } }),
    categories: ["Performance"],
    severity: SEVERITIES[level],
    fingerprint: prints[index],
    location: {
      // "Relative path to the file; must not be prefixed with ./".
      path: (at?.file ?? NOWHERE).replaceAll("\\", "/").replace(/^\.\//, ""),
      lines: { begin: at?.line ?? 1 },
    },
  }));
  return `${jsonText(JSON.stringify(report, null, 2))}\n`;
}
