/** SARIF is the format in which code scanning takes findings, each rule with its help. */
import type { Log, Notification, ReportingDescriptor, Result } from "sarif";
import type { Place, Severity } from "../diagnostic.ts";
import { fingerprints, type Finding } from "./finding.ts";
import { jsonText, terminalText } from "./safe-text.ts";

export interface SarifOptions {
  /** stepfare's own. */
  readonly version: string;
}

const LEVELS = { error: "error", warning: "warning", info: "note" } as const satisfies Record<
  Severity,
  string
>;

/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
export function renderSarif(findings: readonly Finding[], { version }: SarifOptions): string {
  const rules = rulesOf(findings);
  const indices = new Map(rules.map(({ id }, at) => [id, at]));
  const prints = fingerprints(findings);
  const results = findings.flatMap((finding, at) => {
    const ruleIndex = indices.get(finding.code) ?? -1;
    return finding.at === null ? [] : [resultOf(finding, finding.at, { ruleIndex, print: prints[at] ?? "" })];
  });
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "stepfare", version, semanticVersion: version, rules } },
        columnKind: "utf16CodeUnits",
        results,
        // Code scanning refuses results without a place.
        invocations: [
          { executionSuccessful: true, toolExecutionNotifications: notificationsOf(findings, indices) },
        ],
      },
    ],
  };
  return `${jsonText(JSON.stringify(log, null, 2))}\n`;
}

/** In the order of their first finding; the help is that of the first finding that has one. */
function rulesOf(findings: readonly Finding[]): ReportingDescriptor[] {
  const first = new Map<string, Finding>();
  for (const finding of findings) {
    const known = first.get(finding.code);
    if (known === undefined || (known.help === null && finding.help !== null))
      first.set(finding.code, finding);
  }
  return [...first.values()].map(({ code, level, message, help }) => {
    const words = code.split("-").join(" ");
    const text = terminalText(help ?? message);
    return {
      id: code,
      name: code.replaceAll(/(^|-)([a-z\d])/g, (_, _dash, letter: string) => letter.toUpperCase()),
      shortDescription: { text: words },
      fullDescription: { text },
      help: { text: `${text}\nMore: stepfare explain ${code}` },
      defaultConfiguration: { level: LEVELS[level] },
    };
  });
}

function resultOf(
  { code, level, message, help }: Finding,
  at: Place,
  { ruleIndex, print }: { readonly ruleIndex: number; readonly print: string },
): Result {
  return {
    ruleId: code,
    ruleIndex,
    level: LEVELS[level],
    message: { text: [message, ...(help === null ? [] : [help])].map(terminalText).join(" ") },
    locations: [
      {
        physicalLocation: {
          artifactLocation: locationOf(at.file),
          region: { startLine: at.line, startColumn: at.column },
        },
      },
    ],
    partialFingerprints: { "stepfare/v1": print },
  };
}

function notificationsOf(findings: readonly Finding[], indices: ReadonlyMap<string, number>): Notification[] {
  return findings
    .filter(({ at }) => at === null)
    .map(({ code, level, message }) => ({
      level: LEVELS[level],
      message: { text: terminalText(message) },
      associatedRule: { id: code, index: indices.get(code) ?? -1 },
    }));
}

/** Relative to the repository's root, as a URI. */
function locationOf(file: string): { uri: string; uriBaseId?: string } {
  const path = file.replaceAll("\\", "/").replace(/^\.\//, "");
  const uri = path
    .split("/")
    .map((part) => encodeURIComponent(part.replaceAll(/\p{Cs}/gu, "\ufffd")))
    .join("/");
  if (path.startsWith("/")) return { uri: `file://${uri}` };
  if (/^[A-Za-z]:\//.test(path)) return { uri: `file:///${uri.replace("%3A", ":")}` };
  return { uri, uriBaseId: "%SRCROOT%" };
}
